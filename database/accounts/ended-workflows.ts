import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { recordEvent } from './events.ts';

/** A workflow that fails again and again, or is terminated again and again, is reported once in this time. */
const REPORTED_EVERY_MINUTES = 10;
/** A run that Mailroom itself ended, because it was stuck, closes within moments of its own event. */
const OWN_END_WITHIN_MINUTES = 2;

/** A run of an account's workflow that did not end by itself. */
export interface EndedRun {
  readonly accountId: string;
  readonly runId: string;
  readonly closedAt: Date;
}

/**
 * Records in the history of an account that its workflow was ended in Temporal, such as by an operator. Once for each
 * run, however often and by however many workers it is noticed, and not where Mailroom itself ended it.
 */
export async function noteEndedWorkflow(db: Database, { accountId, runId, closedAt }: EndedRun): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // One worker at a time.
    await sql`select pg_advisory_xact_lock(hashtextextended(${runId}, 0))`.execute(trx);
    const known = await trx
      .selectFrom('events')
      .select('id')
      .where('accountId', '=', accountId)
      .where(
        sql<boolean>`case name
          when 'account.workflow-ended' then details ->> 'runId' = ${runId}
            or at > now() - ${REPORTED_EVERY_MINUTES} * interval '1 minute'
          when 'account.workflow-renewed' then abs(extract(epoch from at - ${closedAt}::timestamptz))
            < ${OWN_END_WITHIN_MINUTES} * 60
          else false end`,
      )
      .limit(1)
      .executeTakeFirst();
    if (known) return;
    await recordEvent(trx, { actor: 'mailroom', name: 'account.workflow-ended', accountId, details: { runId } });
  });
}
