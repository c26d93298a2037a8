import { sql, type Transaction } from 'kysely';
import { type ClaimValues, type MappedPerson, mappedPerson } from '../../domain/profile-mapping.ts';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { wasEndedAtProvider } from './end-sessions-at-provider.ts';
import { addSession, endSessionIn, letSessionEnd, type NewSession } from './sessions.ts';
import { findSignOnSettings, type SignOnSettings } from './sign-on-settings.ts';
import { putMappedTeams } from './teams.ts';

/** A person's identity at the provider. */
export interface ProviderIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** In lower case, addresses that the provider vouches for: preferred user name, e-mail address. */
  readonly emails: readonly string[];
  readonly displayName: string | undefined;
}

/** A sign-in that the provider has confirmed. */
export interface ConfirmedSignIn {
  readonly identity: ProviderIdentity;
  /** When the browser was sent to the provider. */
  readonly startedAt: Date;
  readonly valuesOf: (claim: string) => ClaimValues;
  readonly session: Omit<NewSession, 'userId'>;
  /** The session of this browser, which the new one replaces. */
  readonly replaces: Buffer | undefined;
  /** The user who is to prove again who they are. */
  readonly stepUpOf: string | undefined;
  /** Called before anything is written, with the id of the user. */
  readonly onFound?: ((userId: string) => void) | undefined;
}

export type Unadmitted =
  | 'not-added'
  | 'disabled'
  | 'other-person'
  | 'not-mapped'
  | 'claim-left-out'
  | 'signed-out-meanwhile'
  | 'other-step-up';

export type SignInDecision =
  | { readonly admitted: true; readonly userId: string; readonly maxAgeSeconds: number }
  | { readonly admitted: false; readonly because: Unadmitted };

/**
 * Decides whether a person may sign in, and stores the session, in one transaction that holds the user's row: who
 * disables the user, or signs them out everywhere, comes before it and is seen, or after it and finds the session.
 *
 * The first sign-in binds the user of that e-mail address to the person's (issuer, subject); from then on only this pair
 * counts, so that an address that is later given to another person opens nothing.
 */
export async function admitUser(db: Database, keys: KeyRing, signIn: ConfirmedSignIn): Promise<SignInDecision> {
  const { identity, session } = signIn;
  const candidate = await candidateOf(db, signIn);
  if (candidate.id === undefined) return { admitted: false, because: candidate.because };
  const { id, isNew } = candidate;
  signIn.onFound?.(id);
  return await db.transaction().execute(async (trx): Promise<SignInDecision> => {
    // The changes belong to the sign-in, whose actor was not known when the transaction began.
    if (signIn.onFound) await sql`set local mailroom.act = 'on'`.execute(trx);
    const isEnded = await wasEndedAtProvider(trx, identity, session.providerSid, signIn.startedAt);
    const settings = await findSignOnSettings(trx);
    const mapped = settings.claim === null ? undefined : personOf(settings, signIn.valuesOf(settings.claim));
    if (isNew) await addMapped(trx, id, identity, mapped);
    const others = settings.claim === null ? true : await hasOtherAdministrator(trx, id);
    const user = await lockUser(trx, id, identity, signIn.startedAt);
    if (!user) return { admitted: false, because: 'not-added' };
    if (!user.isBound && user.subject !== null) return { admitted: false, because: 'other-person' };
    if (!user.enabled) return { admitted: false, because: 'disabled' };
    if (isEnded || user.isSignedOut) return { admitted: false, because: 'signed-out-meanwhile' };
    if (signIn.stepUpOf !== undefined && signIn.stepUpOf !== id) return { admitted: false, because: 'other-step-up' };

    const isLast = user.profile === 'Admin' && !others;
    const isRefused = typeof mapped === 'string';
    if (isRefused && !isLast) return { admitted: false, because: mapped };
    const actor = `user:${id}`;
    const { issuer, subject, displayName } = identity;
    await trx
      .updateTable('users')
      .set({
        issuer,
        subject,
        lastSignedInAt: sql`now()`,
        ...(user.displayName === '' && displayName !== undefined ? { displayName } : {}),
      })
      .where('id', '=', id)
      .execute();
    if (!user.isBound) await recordEvent(trx, { actor, name: 'user.bound', targetId: id });
    if (settings.claim === null) await forgetMapping(trx, id);
    else await applyMapping(trx, { id, profile: user.profile, isLast }, isRefused ? undefined : mapped);
    await recordEvent(trx, { actor, name: 'user.signed-in', targetId: id });
    if (signIn.replaces !== undefined) {
      if (signIn.stepUpOf === undefined) await endSessionIn(trx, signIn.replaces);
      else await letSessionEnd(trx, signIn.replaces);
    }
    return { admitted: true, userId: id, maxAgeSeconds: await addSession(trx, keys, { ...session, userId: id }) };
  });
}

type Candidate =
  | { readonly id: string; readonly isNew: boolean }
  | { readonly id: undefined; readonly because: Unadmitted };

/** The user of an identity, or the id of one to be added. */
async function candidateOf(
  db: Queryable,
  { identity: { issuer, subject, emails }, valuesOf }: ConfirmedSignIn,
): Promise<Candidate> {
  const bound = await db
    .selectFrom('users')
    .select('id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  const known =
    bound ??
    (await db
      .selectFrom('users')
      .select('id')
      .where('email', '=', sql<string>`any(${emails})`)
      .orderBy(sql`array_position(${emails}, email)`)
      .limit(1)
      .executeTakeFirst());
  if (known) return { id: known.id, isNew: false };
  const settings = await findSignOnSettings(db);
  if (settings.claim === null || !settings.addsPeople) return { id: undefined, because: 'not-added' };
  // The profile of those without a mapped value is for people who were added, not for everyone at the provider.
  const mapped = personOf({ ...settings, unmatchedProfile: null }, valuesOf(settings.claim));
  if (typeof mapped === 'string') return { id: undefined, because: mapped };
  return { id: await newId(db), isNew: true };
}

async function newId(db: Queryable): Promise<string> {
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(db);
  const [row] = rows;
  if (!row) throw new TypeError('A select without a table has a row');
  return row.id;
}

interface Unmapped {
  readonly profile: SecurityProfile;
  readonly teamIds: readonly string[];
  readonly values: readonly string[];
}

/** What the person is by the mapping, or why they are refused. */
function personOf(
  settings: SignOnSettings,
  values: ClaimValues,
): MappedPerson | Unmapped | 'not-mapped' | 'claim-left-out' {
  if (typeof values === 'string') return 'claim-left-out';
  const mapped = mappedPerson(settings.mappings, values);
  if (mapped) return mapped;
  const { unmatchedProfile: profile } = settings;
  return profile === null ? 'not-mapped' : { profile, teamIds: [], values: [] };
}

/** Two first sign-ins at once add the person once; the second finds the first by its address in `lockUser`. */
async function addMapped(
  trx: Transaction<Schema>,
  id: string,
  { emails }: ProviderIdentity,
  mapped: ReturnType<typeof personOf> | undefined,
): Promise<void> {
  const [email] = emails;
  if (mapped === undefined || typeof mapped === 'string' || email === undefined) return;
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('users')
    .values({ id, email, profile: mapped.profile })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return;
  const details = { profile: mapped.profile, because: 'mapping', values: mapped.values };
  await recordEvent(trx, { actor: `user:${id}`, name: 'user.added', targetId: id, details });
}

/**
 * Whether another enabled administrator has signed in before. Locks them, in the order in which `keepingAnAdministrator`
 * does, so that the last two do not lose their profile at once.
 */
async function hasOtherAdministrator(trx: Transaction<Schema>, id: string): Promise<boolean> {
  const isAdministrator = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', id)
    .where('profile', '=', 'Admin')
    .executeTakeFirst();
  if (!isAdministrator) return true;
  const administrators = await trx
    .selectFrom('users')
    .select(['id', 'subject'])
    .where('profile', '=', 'Admin')
    .where('enabled', '=', true)
    .orderBy('id')
    .forUpdate()
    .execute();
  return administrators.some((each) => each.id !== id && each.subject !== null);
}

/** The user, if it still is the identity's: it was found before the lock. */
async function lockUser(
  trx: Transaction<Schema>,
  id: string,
  { issuer, subject, emails }: ProviderIdentity,
  startedAt: Date,
) {
  const row = await trx
    .selectFrom('users')
    .select([
      'enabled',
      'subject',
      'displayName',
      'profile',
      sql<boolean>`coalesce(issuer = ${issuer} and subject = ${subject}, false)`.as('isBound'),
      sql<boolean>`email = any(${emails})`.as('hasAddress'),
      sql<boolean>`coalesce(signed_out_at >= ${startedAt}, false)`.as('isSignedOut'),
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && (row.isBound || row.hasAddress) ? row : undefined;
}

/**
 * Gives a person the mapped profile and teams. The last administrator keeps the profile: a mapping must not leave
 * Mailroom without one.
 */
async function applyMapping(
  trx: Transaction<Schema>,
  { id, profile, isLast }: { readonly id: string; readonly profile: SecurityProfile; readonly isLast: boolean },
  mapped: MappedPerson | Unmapped | undefined,
): Promise<void> {
  const actor = `user:${id}`;
  const isKept = isLast && mapped?.profile !== 'Admin';
  const values = [...(mapped?.values ?? [])];
  const after = isKept || !mapped ? profile : mapped.profile;
  if (isKept) await recordEvent(trx, { actor, name: 'user.kept-administrator', targetId: id, details: { values } });
  const teams = mapped ? await putMappedTeams(trx, id, mapped.teamIds) : 0;
  await trx
    .updateTable('users')
    .set({
      profile: after,
      mappedValues: values,
      // With a team of the mapping, a person sees the queues of teams.
      ...(mapped && mapped.teamIds.length > 0 && { allQueues: false }),
      ...(after !== profile && { updatedAt: sql<Date>`now()` }),
    })
    .where('id', '=', id)
    .execute();
  if (after === profile && teams === 0) return;
  const details = { before: profile, after, values, teams: [...(mapped?.teamIds ?? [])] };
  await recordEvent(trx, { actor, name: 'user.mapped', targetId: id, details });
}

/** Profiles are set by hand again. */
async function forgetMapping(trx: Transaction<Schema>, id: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ mappedValues: null })
    .where('id', '=', id)
    .where('mappedValues', 'is not', null)
    .execute();
}
