import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { ANSWER_WORKFLOW, type AnswerInput, type AnswerWorkflow, answerWorkflowId } from '../contract/answer.ts';
import { TASK_QUEUE } from '../contract/mailbox.ts';

const START_DEADLINE_MS = 8_000;

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

/**
 * For callers that must not wait: starts workflows in the background. While Temporal is away that fails after seconds,
 * and a worker's guardian starts them later.
 */
export function createSendingStarts(client: Client, onFailed: (error: unknown) => void) {
  return (answerId: string, waitMs: number): void => {
    startAnswer(client, { answerId, waitMs }).catch(onFailed);
  };
}
