import pMap from 'p-map';
import type { Logger } from 'pino';
import { readerWorkflowId } from '../contract/mailbox.ts';
import { findAccountRef } from '../database/accounts/account-reads.ts';
import { noteEndedWorkflow } from '../database/accounts/ended-workflows.ts';
import { takeOutdatedColumns } from '../database/accounts/shown-columns.ts';
import {
  claimWorkflowCheck,
  endWorkflowCheck,
  noteStuckWorkflow,
  releaseWorkflowCheck,
  suspectAfterChange,
  suspectWorkflows,
} from '../database/accounts/stuck-workflows.ts';
import type { Database } from '../database/database.ts';
import { describeError } from '../process/describe-error.ts';
import type { MailboxRuns, RunRef } from '../temporal/mailbox-runs.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createTroubleLog } from './trouble-log.ts';

/** Two checks plus the time until a failed task counts as stuck stay below the promised two minutes. */
const CHECK_EVERY_MS = 15_000;
/** Ended workflows appear in lists a moment after they end. */
const ENDED_OVERLAP_MS = 60_000;
/** How far back a starting worker looks for workflows that ended while no worker ran. */
const ENDED_AT_START_MS = 24 * 3_600_000;
const STARTED_AT_A_TIME = 8;
/** Interval at which the columns that operators see are updated. */
const COLUMNS_EVERY_MS = 60_000;
/** Updates per round: each wakes a workflow, which costs some 50 ms of the two servers together. */
const COLUMNS_AT_ONCE = 50;

export interface WorkflowGuardian {
  /** A workflow task failed in this process. */
  suspect(): void;
  stop(): Promise<void>;
}

export interface WorkflowGuardianOptions {
  readonly db: Database;
  readonly runs: MailboxRuns;
  readonly mailboxes: Pick<Mailboxes, 'wake'>;
  /** Number of shares, each with a reader of its own. */
  readonly shares: number;
  /** Starts the readers of all shares that do not run. */
  readonly startReaders: () => Promise<void>;
  readonly logger: Logger;
  /** Identifies a release's workflow code. */
  readonly bundle: string;
}

/**
 * Keeps the workflows of accounts running. A workflow whose task no worker can carry out, after a roll-out that changed
 * its code, a roll-back or the loss of a key, is restarted: every run begins by reading the account's row, so nothing
 * is lost. A workflow that was terminated or failed is started again, one that was reset reads its row again, and readers
 * that do not run are started. Other workflows that cannot go on are ended, and started again where they are needed. The
 * columns in Temporal's list follow the accounts' rows. All workflows are checked only when a task failed or another
 * release started: checking ten thousand takes half a minute of the server's time.
 */
export function startWorkflowGuardian(options: WorkflowGuardianOptions): WorkflowGuardian {
  const { db, runs, mailboxes, shares, startReaders, logger, bundle } = options;
  const ended = new AbortController();
  const trouble = createTroubleLog(logger, 'workflow-guardian.could-not-look');
  /** Runs that ended since then and were replaced already. */
  let replaced: ReadonlySet<string> = new Set();
  let endedSince = Date.now() - ENDED_AT_START_MS;
  let isChangeNoted = false;
  let columnsAt = Number.NEGATIVE_INFINITY;

  /** Undefined for an account that is unknown to the database or removed. */
  async function findLiving(accountId: string) {
    const account = await findAccountRef(db, accountId);
    return account && !account.removed ? account : undefined;
  }

  async function startMissingReaders(): Promise<void> {
    const reading = await runs.listReaders();
    if (Array.from({ length: shares }, (_, share) => readerWorkflowId(share)).some((id) => !reading.has(id))) {
      await startReaders();
    }
  }

  /** The run that follows may have begun before the account's last change, if it was reset: it reads its row again. */
  async function replaceEnded(): Promise<void> {
    const checkedAt = Date.now();
    const since = new Date(endedSince);
    const ended = await runs.listEnded(since);
    await pMap(
      ended.filter(({ runId }) => !replaced.has(runId)),
      async (run) => {
        const account = await findLiving(run.accountId);
        if (!account) return;
        await mailboxes.wake(account, { because: 'stale' });
        await noteEndedWorkflow(db, run);
      },
      { concurrency: STARTED_AT_A_TIME },
    );
    replaced = new Set(ended.map(({ runId }) => runId));
    endedSince = checkedAt - ENDED_OVERLAP_MS;
  }

  async function renew(accountId: string): Promise<void> {
    if (ended.signal.aborted || !(await noteStuckWorkflow(db, accountId))) return;
    const address = (await findAccountRef(db, accountId))?.address ?? '';
    await runs.restart({ id: accountId, address });
    logger.warn({ accountId }, 'mailbox.restarted');
  }

  /** Readers, answers and the sweep of retention are then started like any that does not run. */
  async function endStuck(run: RunRef): Promise<void> {
    if (ended.signal.aborted) return;
    await runs.end(run);
    logger.warn({ workflowId: run.workflowId }, 'workflow.ended');
  }

  async function checkAll(startedAt: Date): Promise<void> {
    try {
      const { accountIds, others, othersFailed } = await runs.findStuck(ended.signal);
      await pMap(accountIds, renew, { concurrency: STARTED_AT_A_TIME });
      await pMap(others, endStuck, { concurrency: STARTED_AT_A_TIME });
      if (ended.signal.aborted) await releaseWorkflowCheck(db);
      else await endWorkflowCheck(db, { startedAt, stuck: accountIds, mayBeStuckSoon: othersFailed });
    } catch (error) {
      await releaseWorkflowCheck(db).catch(() => {});
      throw error;
    }
  }

  async function refreshColumns(): Promise<void> {
    if (Date.now() - columnsAt < COLUMNS_EVERY_MS) return;
    columnsAt = Date.now();
    for (const account of await takeOutdatedColumns(db, COLUMNS_AT_ONCE)) {
      if (ended.signal.aborted) return;
      await mailboxes.wake(account, { because: 'columns' });
    }
  }

  async function check(): Promise<void> {
    try {
      if (!isChangeNoted) await suspectAfterChange(db, bundle);
      isChangeNoted = true;
      await startMissingReaders();
      await replaceEnded();
      if (ended.signal.aborted) return;
      const startedAt = await claimWorkflowCheck(db);
      if (startedAt) await checkAll(startedAt);
      await refreshColumns();
      trouble.worked();
    } catch (error) {
      if (!ended.signal.aborted) trouble.failed(error);
    }
  }

  let checking = check();
  const timer = setInterval(() => {
    checking = checking.then(check);
  }, CHECK_EVERY_MS);

  return {
    suspect() {
      suspectWorkflows(db).catch((error: unknown) =>
        logger.warn(describeError(error), 'workflow-guardian.could-not-note'),
      );
    },
    async stop() {
      ended.abort();
      clearInterval(timer);
      await checking;
    },
  };
}
