import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { type Condition, idOrNone, type Page } from './conditions.ts';
import { joinTeam, leaveTeam } from './team-people.ts';

/** What an identity provider says of a group. */
export interface GroupWord {
  readonly externalId: string | undefined;
  readonly displayName: string;
  /** Ids of users. */
  readonly members: readonly string[];
}

export interface Group extends GroupWord {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A group for administrators: which team it fills. */
export interface GroupView {
  readonly id: string;
  readonly displayName: string;
  /** Null: the group is without effect. */
  readonly teamId: string | null;
  readonly people: number;
}

interface ListOptions {
  /** False: `members` is left empty, which saves reading thousands of ids. */
  readonly withMembers: boolean;
}

export async function findGroup(db: Queryable, id: string, options: ListOptions): Promise<Group | undefined> {
  const [group] = await selectGroups(db, [{ attribute: 'id', value: id }], { offset: 0, limit: 1 }, options);
  return group;
}

export async function listGroups(
  db: Queryable,
  conditions: readonly Condition[],
  page: Page,
  options: ListOptions,
): Promise<{ readonly total: number; readonly groups: readonly Group[] }> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from provisioned_groups as g where ${where(conditions)}`.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    groups: page.limit === 0 ? [] : await selectGroups(db, conditions, page, options),
  };
}

async function selectGroups(
  db: Queryable,
  conditions: readonly Condition[],
  { offset, limit }: Page,
  { withMembers }: ListOptions,
): Promise<readonly Group[]> {
  const members = withMembers
    ? sql`array(select user_id::text from provisioned_group_members where group_id = g.id order by user_id)`
    : sql`'{}'::text[]`;
  const { rows } = await sql<Omit<Group, 'externalId'> & { externalId: string | null }>`
    select g.id, g.external_id, g.display_name, g.version, g.created_at, g.updated_at, ${members} as members
    from provisioned_groups as g where ${where(conditions)}
    order by g.id offset ${offset} limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, externalId: row.externalId ?? undefined }));
}

function where(conditions: readonly Condition[]): RawBuilder<unknown> {
  return sql.join([sql`true`, ...conditions.map(condition)], sql` and `);
}

function condition({ attribute, value }: Condition): RawBuilder<unknown> {
  switch (attribute) {
    case 'id':
      return sql`g.id = ${idOrNone(value)}::uuid`;
    case 'externalId':
      return sql`g.external_id = ${value}`;
    case 'displayName':
      return sql`lower(g.display_name collate "C") = lower(${value}::text collate "C")`;
    case 'member':
      return sql`exists (select from provisioned_group_members as m
        where m.group_id = g.id and m.user_id = ${idOrNone(value)}::uuid)`;
    default:
      return sql`false`;
  }
}

/** `unknown-member`: not a person that the provider sees. */
export type GroupChanged = 'done' | 'not-found' | 'unknown-member';

/** Throws the unique violation of `provisioned_groups_display_name`, or of `provisioned_groups_external_id`. */
export async function addGroup(
  db: Database,
  actor: string,
  { externalId, displayName, members }: GroupWord,
): Promise<{ readonly id: string } | 'unknown-member'> {
  return await db.transaction().execute(async (trx) => {
    if (!(await areKnown(trx, members))) return 'unknown-member';
    const { id } = await trx
      .insertInto('provisionedGroups')
      .values({ externalId: externalId ?? null, displayName })
      .returning('id')
      .executeTakeFirstOrThrow();
    await putMembers(trx, actor, { groupId: id, teamId: null }, { before: [], after: members });
    return { id };
  });
}

/** Changes a group. `change` gets it as it is, under a lock: two changes of members at the same time are both kept. */
export async function changeGroup(
  db: Database,
  actor: string,
  id: string,
  change: (before: Group) => GroupWord,
): Promise<GroupChanged> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockGroup(trx, id);
    const before = locked && (await findGroup(trx, id, { withMembers: true }));
    if (!before) return 'not-found';
    const { externalId, displayName, members } = change(before);
    const known = new Set(before.members);
    const added = members.filter((each) => !known.has(each));
    if (!(await areKnown(trx, added))) return 'unknown-member';
    await trx
      .updateTable('provisionedGroups')
      .set({ externalId: externalId ?? null, displayName, version: sql`version + 1`, updatedAt: sql`now()` })
      .where('id', '=', id)
      .execute();
    await putMembers(trx, actor, { groupId: id, teamId: locked.teamId }, { before: before.members, after: members });
    return 'done';
  });
}

/** Its people leave the team that it filled. */
export async function deleteGroup(db: Database, actor: string, id: string): Promise<'done' | 'not-found'> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockGroup(trx, id);
    const before = locked && (await findGroup(trx, id, { withMembers: true }));
    if (!before) return 'not-found';
    await putMembers(trx, actor, { groupId: id, teamId: locked.teamId }, { before: before.members, after: [] });
    await trx.deleteFrom('provisionedGroups').where('id', '=', id).execute();
    return 'done';
  });
}

/** Maps a group to a team, or to none. Its people go along. */
export async function mapGroup(
  db: Database,
  actor: string,
  { id, teamId }: { readonly id: string; readonly teamId: string | null },
): Promise<'done' | 'not-found'> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockGroup(trx, id);
    const group = locked && (await findGroup(trx, id, { withMembers: true }));
    if (!group) return 'not-found';
    if (locked.teamId === teamId) return 'done';
    const userIds = group.members;
    await trx.updateTable('provisionedGroups').set({ teamId, updatedAt: sql`now()` }).where('id', '=', id).execute();
    if (locked.teamId) await leaveTeam(trx, actor, { teamId: locked.teamId, userIds });
    if (teamId) await joinTeam(trx, actor, { teamId, userIds });
    return 'done';
  });
}

/** All groups by name. */
export async function listGroupViews(db: Queryable): Promise<readonly GroupView[]> {
  return await db
    .selectFrom('provisionedGroups as g')
    .select([
      'g.id',
      'g.displayName',
      'g.teamId',
      sql<number>`(select count(*)::int from provisioned_group_members where group_id = g.id)`.as('people'),
    ])
    .orderBy(sql`lower(g.display_name)`)
    .execute();
}

async function lockGroup(trx: Transaction<Schema>, id: string): Promise<{ teamId: string | null } | undefined> {
  return await trx.selectFrom('provisionedGroups').select('teamId').where('id', '=', id).forUpdate().executeTakeFirst();
}

async function areKnown(trx: Transaction<Schema>, userIds: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ known: number }>`
    select count(*)::int as known from users left join provisioned_people as p on p.user_id = users.id
    where users.id = any(${userIds.map(idOrNone)}::uuid[]) and p.deleted_at is null`.execute(trx);
  return rows[0]?.known === userIds.length;
}

async function putMembers(
  trx: Transaction<Schema>,
  actor: string,
  { groupId, teamId }: { readonly groupId: string; readonly teamId: string | null },
  { before, after }: { readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  const [old, next] = [new Set(before), new Set(after)];
  const joined = after.filter((each) => !old.has(each));
  const left = before.filter((each) => !next.has(each));
  await sql`insert into provisioned_group_members (group_id, user_id)
    select ${groupId}, unnest(${joined}::uuid[]) on conflict do nothing`.execute(trx);
  await sql`delete from provisioned_group_members
    where group_id = ${groupId} and user_id = any(${left}::uuid[])`.execute(trx);
  if (teamId === null) return;
  await joinTeam(trx, actor, { teamId, userIds: joined });
  await leaveTeam(trx, actor, { teamId, userIds: left });
}
