import { sql } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import { recordEvent } from './events.ts';

/** A task that failed is given to a worker again after ten seconds: by then it is known whether it was a single failure. */
const SUSPECTED_FOR_SECONDS = 15;
/** A worker that is killed while it looks at ten thousand workflows gives its place to another after this. */
const CHECK_LEASE_SECONDS = 300;
/** A renewal that did not help is repeated after a minute, then twice as late each time, up to six hours. */
const RENEWED_AGAIN_AT_MOST_EVERY_MINUTES = 360;
/** Of one that has gone on for so long nothing needs to be known any more. */
const FORGOTTEN_AFTER_HOURS = 24;

/** A task of a workflow failed: a look at all of them becomes due. */
export async function suspectWorkflows(db: Queryable): Promise<void> {
  await sql`
    insert into workflow_checks (bundle, suspected_at) values ('', now())
    on conflict (id) do update set suspected_at = case
      -- The look that is under way may have passed it already.
      when workflow_checks.checked_until > now() then now() else coalesce(workflow_checks.suspected_at, now()) end
  `.execute(db);
}

/** Suspects all workflows when this workflow code is another than the last that came to a worker: a roll-out, or one back. */
export async function suspectAfterChange(db: Queryable, bundle: string): Promise<void> {
  await sql`
    insert into workflow_checks (bundle, suspected_at) values (${bundle}, now())
    on conflict (id) do update set bundle = excluded.bundle, suspected_at = now()
      where workflow_checks.bundle <> excluded.bundle`.execute(db);
}

/** Takes the look at all workflows that is due, and says when it began; undefined when none is, or another worker has it. */
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

/** What a look at all workflows found: accounts whose workflow is stuck, and whether others may be so soon. */
export interface WorkflowCheck {
  readonly startedAt: Date;
  readonly stuck: readonly string[];
  readonly mayBeStuckSoon: boolean;
}

/** Writes down what a look found. The next one is due soon where some are stuck, and otherwise when a task fails again. */
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
        // What failed since then is looked at once more.
        suspectedAt: sql`case when ${isOver}::boolean and suspected_at <= ${startedAt} then null else now() end`,
      })
      .execute();
  });
}

/** Gives the look back without a result. */
export async function releaseWorkflowCheck(db: Queryable): Promise<void> {
  await db.updateTable('workflowChecks').set({ checkedUntil: null }).execute();
}

/**
 * Notes that the workflow of an account cannot go on. True when it is to be begun anew now, which is then written down with
 * an event: the first time at once, and again only after longer and longer.
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
    // An account that is gone from the database: its workflow finds that out and ends.
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

/** Workflows that cannot go on although they were begun anew, or could not be. */
export async function countStuckWorkflows(
  db: Queryable,
): Promise<{ readonly count: number; readonly since: Date | null }> {
  return await db
    .selectFrom('stuckWorkflows')
    .select((select) => [select.fn.countAll<number>().as('count'), select.fn.min('stuckSince').as('since')])
    .where('stuckSince', 'is not', null)
    .executeTakeFirstOrThrow();
}
