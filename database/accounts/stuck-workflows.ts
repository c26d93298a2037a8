import { sql } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import { recordEvent } from './events.ts';

/** A failed task is given to a worker again after ten seconds: by then it is known whether it was a single failure. */
const SUSPECTED_FOR_SECONDS = 15;
/** When a worker is killed while it checks ten thousand workflows, another one takes over after this time. */
const CHECK_LEASE_SECONDS = 300;
/** A renewal that did not help is repeated after a minute, then with doubled pauses, up to six hours. */
const RENEWED_AGAIN_AT_MOST_EVERY_MINUTES = 360;
/** A renewed workflow is forgotten once it has run for this long. */
const FORGOTTEN_AFTER_HOURS = 24;

/** A workflow task failed: a check of all workflows becomes due. */
export async function suspectWorkflows(db: Queryable): Promise<void> {
  await sql`
    insert into workflow_checks (bundle, suspected_at) values ('', now())
    on conflict (id) do update set suspected_at = case
      -- The look that is under way may have passed it already.
      when workflow_checks.checked_until > now() then now() else coalesce(workflow_checks.suspected_at, now()) end
  `.execute(db);
}

/**
 * Suspects all workflows when this workflow code differs from the last that a worker loaded: after a roll-out or a
 * rollback.
 */
export async function suspectAfterChange(db: Queryable, bundle: string): Promise<void> {
  await sql`
    insert into workflow_checks (bundle, suspected_at) values (${bundle}, now())
    on conflict (id) do update set bundle = excluded.bundle, suspected_at = now()
      where workflow_checks.bundle <> excluded.bundle`.execute(db);
}

/**
 * Takes the due check of all workflows, and returns when it began; undefined when none is due, or another worker has
 * it.
 */
export async function claimWorkflowCheck(db: Queryable): Promise<Date | undefined> {
  const claimed = await db
    .updateTable('workflowChecks')
    .set({ checkedUntil: sql`now() + ${CHECK_LEASE_SECONDS} * interval '1 second'` })
    .where('suspectedAt', '<', sql<Date>`now() - ${SUSPECTED_FOR_SECONDS} * interval '1 second'`)
    .where(({ or, eb }) => or([eb('checkedUntil', 'is', null), eb('checkedUntil', '<', sql<Date>`now()`)]))
    .returning(sql<Date>`now()`.as('at'))
    .executeTakeFirst();
  return claimed?.at;
}

/** The result of a check: accounts whose workflow is stuck, and whether others may be so soon. */
export interface WorkflowCheck {
  readonly startedAt: Date;
  readonly stuck: readonly string[];
  readonly mayBeStuckSoon: boolean;
}

/**
 * Stores the result of a check. The next one is due soon if any workflow is stuck, otherwise when a task fails again.
 */
export async function endWorkflowCheck(
  db: Database,
  { startedAt, stuck, mayBeStuckSoon }: WorkflowCheck,
): Promise<void> {
  const isOver = stuck.length === 0 && !mayBeStuckSoon;
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('stuckWorkflows')
      .set({ stuckSince: null })
      .where(({ not, eb }) => not(eb('accountId', '=', sql<string>`any(${stuck}::uuid[])`)))
      .where('stuckSince', 'is not', null)
      .execute();
    await sql`
      delete from stuck_workflows
      where stuck_since is null and renewed_at < now() - ${FORGOTTEN_AFTER_HOURS} * interval '1 hour'`.execute(trx);
    await trx
      .updateTable('workflowChecks')
      .set({
        checkedUntil: null,
        // Tasks that failed since then are checked once more.
        suspectedAt: sql`case when ${isOver}::boolean and suspected_at <= ${startedAt} then null else now() end`,
      })
      .execute();
  });
}

/** Gives the check back without a result. */
export async function releaseWorkflowCheck(db: Queryable): Promise<void> {
  await db.updateTable('workflowChecks').set({ checkedUntil: null }).execute();
}

/**
 * Notes that the workflow of an account is stuck. True when it is to be restarted now, which is recorded with an event:
 * the first time at once, then after longer and longer pauses.
 */
export async function noteStuckWorkflow(db: Database, accountId: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ renewals: number; isDue: boolean }>`
      insert into stuck_workflows (account_id, stuck_since)
      select id, now() from accounts where id = ${accountId}
      on conflict (account_id) do update set stuck_since = coalesce(stuck_workflows.stuck_since, now())
      returning renewals, renewed_at is null or renewed_at < now()
        - least(power(2, renewals - 1), ${RENEWED_AGAIN_AT_MOST_EVERY_MINUTES}) * interval '1 minute' as is_due
    `.execute(trx);
    const [noted] = rows;
    // The account is gone from the database: its workflow notices that and ends.
    if (noted === undefined) return true;
    if (!noted.isDue) return false;
    await trx
      .updateTable('stuckWorkflows')
      .set({ renewals: noted.renewals + 1, renewedAt: sql`now()` })
      .where('accountId', '=', accountId)
      .execute();
    await recordEvent(trx, { actor: 'mailroom', name: 'account.workflow-renewed', accountId });
    return true;
  });
}

/** Workflows that are stuck although they were restarted, or could not be. */
export async function countStuckWorkflows(
  db: Queryable,
): Promise<{ readonly count: number; readonly since: Date | null }> {
  return await db
    .selectFrom('stuckWorkflows')
    .select((select) => [select.fn.countAll<number>().as('count'), select.fn.min('stuckSince').as('since')])
    .where('stuckSince', 'is not', null)
    .executeTakeFirstOrThrow();
}
