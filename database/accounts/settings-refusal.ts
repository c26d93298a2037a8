import { sql } from 'kysely';
import type { Failure, FailureTrace } from '../../domain/failure.ts';
import { SETTINGS_RETRY_MS } from '../../domain/schedule.ts';
import type { Database } from '../database.ts';
import { pollAfter } from '../ingest/watches.ts';
import { setCondition } from './account-conditions.ts';
import { noteSettingsFault } from './settings.ts';

export interface SettingsRefusal extends Pick<Failure, 'reason'>, FailureTrace {
  readonly accountId: string;
  /** When the attempt that was refused began, by the database's clock. */
  readonly startedAt: Date;
}

/** An attempt that began in the moment in which they were saved has read the old ones. */
const SAVING_TAKES_SECONDS = 1;

/**
 * Microsoft refuses the settings with which an account was read: one fault for all, and the account waits. When others
 * were saved since the attempt began, they are tried at once instead: what was refused is gone. Returns for how many
 * milliseconds the mailbox is left alone.
 */
export async function refuseSettings(
  db: Database,
  { accountId, startedAt, reason, code, status, requestId }: SettingsRefusal,
): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    // Before the row, as who saves settings locks it: so that nobody waits crosswise, and each sees what the other did.
    await sql`lock table settings in row exclusive mode`.execute(trx);
    const settings = await trx
      .selectFrom('settings')
      .select(
        sql<boolean>`updated_at >= ${startedAt}::timestamptz - ${SAVING_TAKES_SECONDS} * interval '1 second'`.as(
          'areOthers',
        ),
      )
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (settings?.areOthers) {
      await pollAfter(trx, accountId, { event: 'drain-refused', delayMs: 0 });
      return 0;
    }
    await noteSettingsFault(trx, { reason, code, status, requestId });
    const until = new Date(Date.now() + SETTINGS_RETRY_MS);
    await setCondition(trx, accountId, { type: 'SettingsRejected', reason, code, status, requestId, until });
    await pollAfter(trx, accountId, { event: 'drain-refused', delayMs: SETTINGS_RETRY_MS });
    return SETTINGS_RETRY_MS;
  });
}
