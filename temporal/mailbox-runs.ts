import { type Client, isGrpcServiceError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowNotFoundError } from '@temporalio/common';
import pMap from 'p-map';
import { ANSWER_WORKFLOW } from '../contract/answer.ts';
import { CONTENT_WORKFLOW } from '../contract/content.ts';
import { accountOfMailbox, MAILBOX_WORKFLOW, type MailboxWorkflow, READER_WORKFLOW } from '../contract/mailbox.ts';
import { RETENTION_WORKFLOW } from '../contract/retention.ts';
import { type MailboxRef, mailboxStart } from './mailbox-start.ts';

/** The result of checking all running workflows. A stuck one failed its task twice in a row: further attempts are in vain. */
export interface StuckRuns {
  /** Accounts whose workflow is stuck. */
  readonly accountIds: readonly string[];
  /** Stuck runs of other workflows, and those that were started by hand under an id that belongs to no account. */
  readonly others: readonly RunRef[];
  /** Some tasks failed once: they may recover, or be stuck soon. */
  readonly othersFailed: boolean;
}

/** Maintenance of workflows, beside the commands to each: all of them, whatever their state. */
export interface MailboxRuns {
  /** Checks every running workflow. Takes seconds for a thousand; stops early when the signal is aborted. */
  findStuck(signal: AbortSignal): Promise<StuckRuns>;
  /** The last run of each account whose workflow ended abnormally since then: it failed, or was ended by hand. */
  listEnded(since: Date): Promise<readonly EndedRun[]>;
  /** Terminates a run; one that has ended already is left alone. */
  end(run: RunRef): Promise<void>;
  /** Workflow ids of the readers that run, by Temporal's list, which follows within a second. */
  listReaders(): Promise<ReadonlySet<string>>;
  /** Ends an account's run, whatever it is doing, and starts another, which begins by reading the account's row. */
  restart(account: MailboxRef): Promise<void>;
}

/** A run that did not end by itself. */
export interface EndedRun {
  readonly accountId: string;
  readonly runId: string;
  readonly closedAt: Date;
}

export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
}

interface Run extends RunRef {
  /** Undefined for a workflow that is not an account's. */
  readonly accountId: string | undefined;
  /** Undefined while it runs. */
  readonly closedAt: Date | undefined;
}

/** Page size of Temporal's list. */
const PAGE_SIZE = 500;
/** Each describe call reads the server's database: few enough at a time that commands are not delayed. */
const DESCRIBED_AT_A_TIME = 8;
/** A killed worker can fail a task's first attempt, and one of another release the second. */
const STUCK_FROM_ATTEMPT = 3;
const CALL_DEADLINE_MS = 10_000;
/** gRPC's `NOT_FOUND`. */
const NOT_FOUND = 5;

const workflowTypes = [MAILBOX_WORKFLOW, READER_WORKFLOW, ANSWER_WORKFLOW, CONTENT_WORKFLOW, RETENTION_WORKFLOW];

const running = (...types: readonly string[]) =>
  `WorkflowType IN (${types.map((type) => `"${type}"`).join(', ')}) AND ExecutionStatus = "Running"`;
const endedSince = (since: Date) =>
  `WorkflowType = "${MAILBOX_WORKFLOW}" AND ExecutionStatus IN ("Failed", "Terminated", "TimedOut", "Canceled") ` +
  `AND CloseTime > "${since.toISOString()}"`;

export function createMailboxRuns(client: Client): MailboxRuns {
  const { namespace } = client.options;
  const within = <Result>(call: () => Promise<Result>) => client.withDeadline(Date.now() + CALL_DEADLINE_MS, call);

  /** Attempt number of a run's task; 0 without a task, or when the run has ended. */
  async function attemptOf({ workflowId, runId }: Run): Promise<number> {
    try {
      const { pendingWorkflowTask } = await within(() =>
        client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId, runId } }),
      );
      return pendingWorkflowTask?.attempt ?? 0;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND) return 0;
      throw error;
    }
  }

  async function listPage(
    query: string,
    nextPageToken: Uint8Array | undefined,
  ): Promise<{ readonly runs: readonly Run[]; readonly nextPageToken: Uint8Array | undefined }> {
    const page = await within(() =>
      client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize: PAGE_SIZE,
        nextPageToken: nextPageToken ?? null,
      }),
    );
    const runs = (page.executions ?? []).flatMap(({ execution, closeTime }) => {
      const { workflowId, runId } = execution ?? {};
      const closedAt = closeTime ? new Date(Number(closeTime.seconds ?? 0) * 1_000) : undefined;
      return workflowId && runId ? [{ accountId: accountOfMailbox(workflowId), workflowId, runId, closedAt }] : [];
    });
    return { runs, nextPageToken: page.nextPageToken?.length ? page.nextPageToken : undefined };
  }

  async function* list(query: string, signal?: AbortSignal) {
    let token: Uint8Array | undefined;
    do {
      const { runs, nextPageToken } = await listPage(query, token);
      yield runs;
      token = nextPageToken;
    } while (token && !signal?.aborted);
  }

  return {
    async findStuck(signal) {
      const accountIds: string[] = [];
      const others: RunRef[] = [];
      let othersFailed = false;
      const look = async (run: Run) => {
        if (signal.aborted) return;
        const attempt = await attemptOf(run);
        if (attempt < STUCK_FROM_ATTEMPT) othersFailed ||= attempt > 1;
        else if (run.accountId === undefined) others.push(run);
        else accountIds.push(run.accountId);
      };
      for await (const runs of list(running(...workflowTypes), signal)) {
        await pMap(runs, look, { concurrency: DESCRIBED_AT_A_TIME });
      }
      return { accountIds, others, othersFailed };
    },

    async listEnded(since) {
      const ended = new Map<string, EndedRun>();
      for await (const runs of list(endedSince(since))) {
        for (const { accountId, runId, closedAt } of runs) {
          if (accountId === undefined || closedAt === undefined) continue;
          // A later one is as good, and lists have no order that holds for all of them.
          if (closedAt >= (ended.get(accountId)?.closedAt ?? closedAt))
            ended.set(accountId, { accountId, runId, closedAt });
        }
      }
      return [...ended.values()];
    },

    async end({ workflowId, runId }) {
      try {
        await within(() => client.workflow.getHandle(workflowId, runId).terminate('It could not go on'));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },

    async listReaders() {
      const ids = new Set<string>();
      for await (const runs of list(running(READER_WORKFLOW))) {
        for (const { workflowId } of runs) ids.add(workflowId);
      }
      return ids;
    },

    async restart(account) {
      await within(() =>
        client.workflow.start<MailboxWorkflow>(MAILBOX_WORKFLOW, {
          ...mailboxStart(account),
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.TERMINATE_EXISTING,
        }),
      );
    },
  };
}
