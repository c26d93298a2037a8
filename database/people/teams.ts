import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { isFilledByGroup } from '../provisioning/team-people.ts';
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
  return db.selectFrom('teams').select([
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

/** Returns the new team's id. Throws the unique violation of `teams_name` when the name is taken. */
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

/** False: there is no such team. Throws the unique violation of `teams_name` when the name is taken. */
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
    await sql`delete from team_people where team_id = ${teamId} and user_id <> all(${[...userIds]}::uuid[])`.execute(
      trx,
    );
    await sql`insert into team_people (team_id, user_id)
      select ${teamId}, id from users where id = any(${[...userIds]}::uuid[]) on conflict do nothing`.execute(trx);
  }
  if (queueIds) {
    await sql`delete from team_queues where team_id = ${teamId} and queue_id <> all(${[...queueIds]}::uuid[])`.execute(
      trx,
    );
    await sql`insert into team_queues (team_id, queue_id)
      select ${teamId}, id from queues where id = any(${[...queueIds]}::uuid[]) on conflict do nothing`.execute(trx);
  }
}

/** Puts a person into these teams, and out of all others. */
export async function putTeamsOfUser(
  trx: Transaction<Schema>,
  userId: string,
  teamIds: readonly string[],
): Promise<void> {
  await sql`delete from team_people where user_id = ${userId} and team_id <> all(${[...teamIds]}::uuid[])`.execute(trx);
  await sql`insert into team_people (team_id, user_id)
    select id, ${userId} from teams where id = any(${[...teamIds]}::uuid[]) on conflict do nothing`.execute(trx);
}

/**
 * Puts a person into these teams of the mapping, and out of its other ones, unless a group of the identity provider fills
 * them; teams that no mapping names stay as they are. Returns how many changed.
 */
export async function putMappedTeams(
  trx: Transaction<Schema>,
  userId: string,
  teamIds: readonly string[],
): Promise<number> {
  const left = await sql`delete from team_people where user_id = ${userId}
    and team_id in (select team_id from profile_mappings) and team_id <> all(${[...teamIds]}::uuid[])
    and not ${isFilledByGroup}`.execute(trx);
  const entered = await sql`insert into team_people (team_id, user_id)
    select id, ${userId} from teams where id = any(${[...teamIds]}::uuid[]) on conflict do nothing`.execute(trx);
  return Number(left.numAffectedRows ?? 0n) + Number(entered.numAffectedRows ?? 0n);
}

/** Those of the ids that name nothing there. */
export async function findMissing(
  db: Queryable,
  table: 'users' | 'queues' | 'teams',
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...ids]}::uuid[]) as asked (id) where not exists (
      select from ${sql.table(table)} as known where known.id = asked.id
        ${table === 'queues' ? sql`and removed_at is null` : sql``}
    )
  `.execute(db);
  return rows.map(({ id }) => id);
}
