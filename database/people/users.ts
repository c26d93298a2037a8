import { sql, type Transaction } from 'kysely';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { changeByHand, type RefusedByHand, removeByHand } from '../provisioning/by-hand.ts';
import type { Schema } from '../schema.ts';
import { keepingAnAdministrator, type LastOne } from './keeping-an-administrator.ts';
import { isLimitedPerson } from './reach.ts';
import { putTeamsOfUser } from './teams.ts';

export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly profile: SecurityProfile;
  readonly enabled: boolean;
  /** False: only the queues of the teams. */
  readonly allQueues: boolean;
  /** False: sets up, and reads no mail. */
  readonly readsMail: boolean;
  readonly teams: { readonly id: string; readonly name: string }[];
  /** How many items at a time are offered; null: the default. */
  readonly capacity: number | null;
  /** What the profile comes from, of the identity provider's values; null: it was set by hand. */
  readonly mappedValues: string[] | null;
  /** What the identity provider says of the person; null: nothing. */
  readonly provider: 'active' | 'inactive' | 'deleted' | null;
  /**
   * True once the person has signed in: from then on the user is this identity, whatever its e-mail address becomes.
   */
  readonly bound: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastSignedInAt: Date | null;
}

export async function listUsers(db: Queryable): Promise<readonly UserView[]> {
  return await selectUsers(db).orderBy('email').execute();
}

/** Enabled users, by address: for whom an item may be kept. */
export async function listColleagues(
  db: Queryable,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return await db
    .selectFrom('users')
    .select(['id', 'email as name'])
    .where('enabled', '=', true)
    .orderBy('email')
    .execute();
}

export async function findUser(db: Queryable, id: string): Promise<UserView | undefined> {
  return await selectUsers(db).where('id', '=', id).executeTakeFirst();
}

function selectUsers(db: Queryable) {
  return db.selectFrom('users').select([
    'id',
    'email',
    'displayName',
    'profile',
    'enabled',
    'allQueues',
    'readsMail',
    'capacity',
    'mappedValues',
    sql<{ id: string; name: string }[]>`coalesce((
        select jsonb_agg(jsonb_build_object('id', teams.id, 'name', teams.name) order by lower(teams.name))
        from team_people join teams on teams.id = team_id where user_id = users.id
      ), '[]')`.as('teams'),
    sql<UserView['provider']>`(
        select case when deleted_at is not null then 'deleted' when active then 'active' else 'inactive' end
        from provisioned_people where user_id = users.id
      )`.as('provider'),
    sql<boolean>`subject is not null`.as('bound'),
    'createdAt',
    'updatedAt',
    'lastSignedInAt',
  ]);
}

export interface NewUser {
  /** In lower case. */
  readonly email: string;
  readonly displayName: string;
  readonly profile: SecurityProfile;
  readonly allQueues?: boolean | undefined;
  readonly readsMail?: boolean | undefined;
  readonly teamIds?: readonly string[] | undefined;
}

/** Returns the new user's id. Throws the unique violation of `users_email_key` when the address is taken. */
export async function addUser(db: Database, actor: string, { teamIds = [], ...user }: NewUser): Promise<string> {
  return await db.transaction().execute(async (trx) => {
    const { id } = await trx.insertInto('users').values(user).returning('id').executeTakeFirstOrThrow();
    await putTeamsOfUser(trx, id, teamIds);
    const { profile, allQueues, readsMail } = user;
    const details = { profile, allQueues, readsMail, ...(teamIds.length > 0 && { teams: teamIds }) };
    await recordEvent(trx, { actor, name: 'user.added', targetId: id, details });
    return id;
  });
}

export interface UserChange {
  /** In lower case. Another address means another person: the bound identity is dropped. */
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  readonly profile?: SecurityProfile | undefined;
  readonly enabled?: boolean | undefined;
  readonly allQueues?: boolean | undefined;
  readonly readsMail?: boolean | undefined;
  /** All teams of the person. */
  readonly teamIds?: readonly string[] | undefined;
  /** Null: the default. */
  readonly capacity?: number | null | undefined;
}

export type UserOutcome = 'done' | 'not-found' | LastOne | RefusedByHand;

/** Changes a user by hand. What the identity provider decides of a person, it alone changes (decision 69). */
export async function changeUser(db: Database, actor: string, id: string, change: UserChange): Promise<UserOutcome> {
  return await keepingAnAdministrator(db, async (trx) => {
    const refused = await changeByHand(trx, id, change);
    return refused ?? (await applyUserChange(trx, actor, id, change));
  });
}

/**
 * Changes a user. A user who is disabled, or becomes another person, is signed out at once. `keepsIdentity`: with
 * another address, it is still the same person.
 */
export async function applyUserChange(
  trx: Transaction<Schema>,
  actor: string,
  id: string,
  change: UserChange,
  { keepsIdentity = false } = {},
): Promise<'done' | 'not-found'> {
  const before = await trx.selectFrom('users').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!before) return 'not-found';
  const otherPerson = !keepsIdentity && change.email !== undefined && change.email !== before.email;
  await trx
    .updateTable('users')
    .set({
      ...(change.email === undefined ? {} : { email: change.email }),
      ...(change.displayName === undefined ? {} : { displayName: change.displayName }),
      ...(change.profile === undefined ? {} : { profile: change.profile }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled }),
      ...(change.allQueues === undefined ? {} : { allQueues: change.allQueues }),
      ...(change.readsMail === undefined ? {} : { readsMail: change.readsMail }),
      ...(change.capacity === undefined ? {} : { capacity: change.capacity }),
      ...(otherPerson ? { issuer: null, subject: null } : {}),
      updatedAt: sql`now()`,
    })
    .where('id', '=', id)
    .execute();
  if (change.teamIds) await putTeamsOfUser(trx, id, change.teamIds);
  if (otherPerson || change.enabled === false) await trx.deleteFrom('sessions').where('userId', '=', id).execute();
  const { profile, enabled, allQueues, readsMail, capacity, teamIds: teams } = change;
  const details = { profile, enabled, allQueues, readsMail, capacity, teams, otherPerson };
  await recordEvent(trx, { actor, name: 'user.changed', targetId: id, details });
  return 'done';
}

/**
 * Removes a user and their sessions. Keys that a person of limited reach made are revoked: with the person goes what
 * limits them.
 */
export async function removeUser(db: Database, actor: string, id: string): Promise<UserOutcome> {
  return await keepingAnAdministrator(db, async (trx) => {
    const refused = await removeByHand(trx, id);
    if (refused) return refused;
    await trx
      .updateTable('apiKeys')
      .set({ revokedAt: sql`now()` })
      .where('createdBy', '=', `user:${id}`)
      .where('revokedAt', 'is', null)
      .where((row) => row.exists(row.selectFrom('users').select('id').where('id', '=', id).where(isLimitedPerson)))
      .execute();
    const { numDeletedRows } = await trx.deleteFrom('users').where('id', '=', id).executeTakeFirst();
    if (numDeletedRows === 0n) return 'not-found';
    await recordEvent(trx, { actor, name: 'user.removed', targetId: id });
    return 'done';
  });
}

/**
 * Ensures that an administrator can sign in: if no enabled one exists, the user of this address becomes one. Returns
 * true when it changed anything. Idempotent; safe to run in many processes at once.
 */
export async function ensureFirstAdministrator(db: Database, email: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    await sql`lock table users in share row exclusive mode`.execute(trx);
    const exists = await trx
      .selectFrom('users')
      .select('id')
      .where('profile', '=', 'Admin')
      .where('enabled', '=', true)
      .limit(1)
      .executeTakeFirst();
    if (exists) return false;
    const { id } = await trx
      .insertInto('users')
      .values({ email, profile: 'Admin' })
      .onConflict((conflict) =>
        conflict.column('email').doUpdateSet({ profile: 'Admin', enabled: true, updatedAt: sql`now()` }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordEvent(trx, {
      actor: 'mailroom',
      name: 'user.added',
      targetId: id,
      details: { profile: 'Admin', because: 'first-administrator' },
    });
    return true;
  });
}
