import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';

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

/**
 * Ends what the provider ended, each token once: both in one transaction, so that a token whose request failed can come
 * again. A token that names session and person also ends sessions of that person whose `sid` is not known. Returns how
 * many ended; `repeated` for a token that came before.
 */
export async function endSessionsAtProvider(
  db: Database,
  { issuer, subject, sid, jti, expiresAt }: ProviderLogout,
): Promise<number | 'repeated'> {
  return await db.transaction().execute(async (trx) => {
    const first = await trx
      .insertInto('logoutTokens')
      .values({
        jtiHash: createHash('sha256').update(`${issuer} ${jti}`).digest(),
        expiresAt: sql<Date>`${expiresAt}::timestamptz + ${REMEMBERED_LONGER_MINUTES} * interval '1 minute'`,
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
