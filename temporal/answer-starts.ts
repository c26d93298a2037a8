import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { ANSWER_WORKFLOW, type AnswerInput, type AnswerWorkflow, answerWorkflowId } from '../contract/answer.ts';
import { TASK_QUEUE } from '../contract/mailbox.ts';

/** The server answers within milliseconds; the guardian makes up for what takes longer. */
const START_DEADLINE_MS = 3_000;

/**
 * Starts the workflow of an answer, unless it runs: a running one reads the row again by itself. Throws Temporal's
 * errors.
 */
export async function startAnswer(client: Client, input: AnswerInput): Promise<void> {
  await client.withDeadline(Date.now() + START_DEADLINE_MS, () =>
    client.workflow.start<AnswerWorkflow>(ANSWER_WORKFLOW, {
      workflowId: answerWorkflowId(input.answerId),
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    }),
  );
}

export interface SendingStarts {
  /** Starts the workflow of an answer as soon as possible. Returns at once. */
  start(answerId: string, waitMs: number): void;
  /** Starts no further one, and waits for those in flight. */
  close(): Promise<void>;
}

/**
 * For callers that must not wait: starts workflows in the background. While Temporal is away that fails after seconds,
 * and a worker's guardian starts them later.
 */
export function createSendingStarts(client: Client, onFailed: (error: unknown) => void): SendingStarts {
  const starts = new Set<Promise<void>>();
  let isClosed = false;
  return {
    start(answerId, waitMs) {
      if (isClosed) return;
      const starting = startAnswer(client, { answerId, waitMs })
        .catch(onFailed)
        .finally(() => starts.delete(starting));
      starts.add(starting);
    },
    async close() {
      isClosed = true;
      await Promise.all(starts);
    },
  };
}
