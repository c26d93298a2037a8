import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

/** A session of the provider, or all of a person there, and the token that says that they ended. */
export interface ProviderLogout {
  readonly issuer: string;
  readonly subject: string | undefined;
  readonly sid: string | undefined;
  readonly jti: string;
  readonly expiresAt: Date;
}

/** Between the provider's clock and ours, with some to spare. */
const REMEMBERED_LONGER_MINUTES = 5;
/** A sign-in that is under way ends after ten minutes at the latest. */
const REMEMBERED_AT_LEAST_MINUTES = 15;
/** Sign-ins share it, a logout has it alone; an arbitrary number, which no other advisory lock of the database uses. */
const PROVIDER_LOGOUT = 4_640_064;

/**
 * Ends what the provider ended, each token once: both in one transaction, so that a token whose request failed can come
 * again. A token that names session and person also ends sessions of that person whose `sid` is not known. A sign-in
 * that is under way ends without a session (`wasEndedAtProvider`). Returns how many sessions ended; `repeated` for a
 * token that came before.
 */
export async function endSessionsAtProvider(
  db: Database,
  { issuer, subject, sid, jti, expiresAt }: ProviderLogout,
): Promise<number | 'repeated'> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${PROVIDER_LOGOUT})`.execute(trx);
    const first = await trx
      .insertInto('logoutTokens')
      .values({
        jtiHash: createHash('sha256').update(`${issuer} ${jti}`).digest(),
        issuer,
        subject: subject ?? null,
        sid: sid ?? null,
        carriedOutAt: sql<Date>`clock_timestamp()`,
        expiresAt: sql<Date>`greatest(
          ${expiresAt}::timestamptz + ${REMEMBERED_LONGER_MINUTES} * interval '1 minute',
          now() + ${REMEMBERED_AT_LEAST_MINUTES} * interval '1 minute'
        )`,
      })
      .onConflict((conflict) => conflict.column('jtiHash').doNothing())
      .executeTakeFirst();
    if (first.numInsertedOrUpdatedRows === 0n) return 'repeated';
    await trx.deleteFrom('logoutTokens').where('expiresAt', '<', sql<Date>`now()`).execute();
    const ended = await trx
      .deleteFrom('sessions')
      .using('users')
      .whereRef('users.id', '=', 'sessions.userId')
      .where('users.issuer', '=', issuer)
      .$if(subject !== undefined, (query) => query.where('users.subject', '=', subject as string))
      .$if(sid !== undefined, (query) =>
        query.where((row) => {
          const isNamed = row('sessions.providerSid', '=', sid as string);
          return subject === undefined ? isNamed : row.or([isNamed, row('sessions.providerSid', 'is', null)]);
        }),
      )
      .returning('sessions.userId')
      .execute();
    for (const targetId of new Set(ended.map(({ userId }) => userId))) {
      const sessions = ended.filter(({ userId }) => userId === targetId).length;
      await recordEvent(trx, {
        actor: 'mailroom',
        name: 'user.signed-out-by-provider',
        targetId,
        details: { sessions },
      });
    }
    return ended.length;
  });
}

/**
 * Whether the provider ended the session of a sign-in, or all of its person, since the sign-in began. Call it first in
 * the transaction that stores the session: a logout waits until that is stored, and finds it.
 */
export async function wasEndedAtProvider(
  trx: Transaction<Schema>,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
  sid: string | undefined,
  startedAt: Date,
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock_shared(${PROVIDER_LOGOUT})`.execute(trx);
  const ended = await trx
    .selectFrom('logoutTokens')
    .select('jtiHash')
    .where('issuer', '=', issuer)
    .where('carriedOutAt', '>=', startedAt)
    .where((row) => {
      const isOfPerson = row.and([
        row('subject', '=', subject),
        ...(sid === undefined ? [] : [row('sid', 'is', null)]),
      ]);
      return sid === undefined ? isOfPerson : row.or([row('sid', '=', sid), isOfPerson]);
    })
    .limit(1)
    .executeTakeFirst();
  return ended !== undefined;
}
