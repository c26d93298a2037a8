import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { READER_WORKFLOW, READERS_TASK_QUEUE, type ReaderInput, readerWorkflowId } from '../contract/mailbox.ts';

/**
 * Ensures that the workflow of every share runs. Safe to repeat, by any number of workers. Throws Temporal's errors.
 */
export async function startReaders(client: Client, shares: number): Promise<void> {
  for (let share = 0; share < shares; share++) {
    const args: [ReaderInput] = [{ share }];
    await client.workflow.start(READER_WORKFLOW, {
      workflowId: readerWorkflowId(share),
      taskQueue: READERS_TASK_QUEUE,
      args,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `Share ${share} of the mailboxes`,
    });
  }
}
