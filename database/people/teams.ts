import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';

/** People, and the queues that they work. */
export interface TeamView {
  readonly id: string;
  readonly name: string;
  readonly people: readonly { readonly id: string; readonly email: string }[];
  /** Removed ones are not among them. */
  readonly queues: readonly { readonly id: string; readonly name: string }[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** All teams by name. */
export async function listTeams(db: Queryable): Promise<readonly TeamView[]> {
  return await selectTeams(db).orderBy(sql`lower(teams.name)`).execute();
}

export async function findTeam(db: Queryable, id: string): Promise<TeamView | undefined> {
  return await selectTeams(db).where('teams.id', '=', id).executeTakeFirst();
}

function selectTeams(db: Queryable) {
  return db
    .selectFrom('teams')
    .select([
      'teams.id',
      'teams.name',
      'teams.createdAt',
      'teams.updatedAt',
      sql<TeamView['people']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', users.id, 'email', email) order by email)
        from team_people join users on users.id = user_id where team_id = teams.id
      ), '[]')`.as('people'),
      sql<TeamView['queues']>`coalesce((
        select jsonb_agg(jsonb_build_object('id', queues.id, 'name', queues.name) order by lower(queues.name))
        from team_queues join queues on queues.id = queue_id where team_id = teams.id and removed_at is null
      ), '[]')`.as('queues'),
    ]);
}

export interface TeamChange {
  readonly name?: string | undefined;
  readonly userIds?: readonly string[] | undefined;
  readonly queueIds?: readonly string[] | undefined;
}

/** Returns the new team's id. Throws the unique violation of `teams_name`, or of a foreign key: see `changeTeam`. */
export async function addTeam(
  db: Database,
  actor: string,
  { name, ...members }: TeamChange & { readonly name: string },
): Promise<string> {
  return await db.transaction().execute(async (trx) => {
    const { id } = await trx.insertInto('teams').values({ name }).returning('id').executeTakeFirstOrThrow();
    await putMembers(trx, id, members);
    await recordEvent(trx, { actor, name: 'team.added', targetId: id, details: { name, ...members } });
    return id;
  });
}

/**
 * False: there is no such team. Throws the unique violation of `teams_name` where the name is taken, and those of
 * `team_people_user_id_fkey` and `team_queues_queue_id_fkey` where a person or queue does not exist.
 */
export async function changeTeam(
  db: Database,
  actor: string,
  id: string,
  { name, ...members }: TeamChange,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('teams')
      .set({ ...(name === undefined ? {} : { name }), updatedAt: sql`now()` })
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await putMembers(trx, id, members);
    await recordEvent(trx, { actor, name: 'team.changed', targetId: id, details: { name, ...members } });
    return true;
  });
}

/** False: there is no such team. Its people lose its queues at once. */
export async function removeTeam(db: Database, actor: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const removed = await trx.deleteFrom('teams').where('id', '=', id).returning('name').executeTakeFirst();
    if (!removed) return false;
    await recordEvent(trx, { actor, name: 'team.removed', targetId: id, details: { name: removed.name } });
    return true;
  });
}

async function putMembers(trx: Transaction<Schema>, teamId: string, { userIds, queueIds }: TeamChange): Promise<void> {
  if (userIds) {
    await trx
      .deleteFrom('teamPeople')
      .where('teamId', '=', teamId)
      .where('userId', '<>', sql<string>`all(${[...userIds]}::uuid[])`)
      .execute();
    await insertAll(trx, 'teamPeople', userIds.map((userId) => ({ teamId, userId })));
  }
  if (queueIds) {
    await trx
      .deleteFrom('teamQueues')
      .where('teamId', '=', teamId)
      .where('queueId', '<>', sql<string>`all(${[...queueIds]}::uuid[])`)
      .execute();
    await insertAll(trx, 'teamQueues', queueIds.map((queueId) => ({ teamId, queueId })));
  }
}

/** Puts a person into these teams, and out of all others. Throws the violation of `team_people_team_id_fkey`. */
export async function putTeamsOfUser(
  trx: Transaction<Schema>,
  userId: string,
  teamIds: readonly string[],
): Promise<void> {
  await trx
    .deleteFrom('teamPeople')
    .where('userId', '=', userId)
    .where('teamId', '<>', sql<string>`all(${[...teamIds]}::uuid[])`)
    .execute();
  await insertAll(trx, 'teamPeople', teamIds.map((teamId) => ({ teamId, userId })));
}

async function insertAll<Table extends 'teamPeople' | 'teamQueues'>(
  trx: Transaction<Schema>,
  table: Table,
  rows: readonly Schema[Table][],
): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto(table)
    .values(rows as never)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
