import type { Client, Connection } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import {
  READER_WORKFLOW,
  READERS_TASK_QUEUE,
  type ReaderInput,
  readerAttributeNames,
  readerWorkflowId,
} from '../contract/mailbox.ts';

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

/** Whether the namespace knows the attributes of readers; false also when the server cannot be asked. */
export async function hasReaderAttributes(client: Client): Promise<boolean> {
  try {
    const { operatorService } = client.connection as Connection;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: client.options.namespace });
    return Object.values(readerAttributeNames).every((name) => name in customAttributes);
  } catch {
    return false;
  }
}
