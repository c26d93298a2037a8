import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { type MailboxWorkflow, mailboxWorkflowId, TASK_QUEUE } from '../contract/mailbox.ts';

/** An account as Temporal's workflow shows it. Operators see the address; it is encrypted on the way. */
export interface MailboxRef {
  readonly id: string;
  readonly address: string;
}

/**
 * How long Temporal waits for a worker that died during a task: short enough that a command can still reach another
 * one.
 */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/** Start options of an account's workflow. */
export function mailboxStart(account: MailboxRef) {
  return {
    workflowId: mailboxWorkflowId(account.id),
    taskQueue: TASK_QUEUE,
    args: [{ accountId: account.id }] satisfies Parameters<MailboxWorkflow>,
    staticSummary: account.address,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  };
}
