import { sql } from 'kysely';
import type { Failure, FailureTrace } from '../../domain/failure.ts';
import { SETTINGS_RETRY_MS } from '../../domain/schedule.ts';
import type { Database } from '../database.ts';
import { pollAfter } from '../ingest/watches.ts';
import { setCondition } from './account-conditions.ts';
import { noteSettingsFault } from './settings.ts';

export interface SettingsRefusal extends Pick<Failure, 'reason'>, FailureTrace {
  readonly accountId: string;
  /** When the refused attempt began, by the database's clock. */
  readonly startedAt: Date;
}

/** An attempt that began at the moment of saving has read the old settings. */
const SAVING_TAKES_SECONDS = 1;

/**
 * Microsoft refuses the settings that an account was read with: one fault for all accounts, and this one waits. If
 * other settings were saved since the attempt began, they are tried at once instead. Returns for how many milliseconds
 * the mailbox is not read.
 */
export async function refuseSettings(
  db: Database,
  { accountId, startedAt, reason, code, status, requestId }: SettingsRefusal,
): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    // Locked before the row, as in `saveSettings`: no deadlock, and each transaction sees the other's changes.
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
