import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { type MailboxWorkflow, mailboxWorkflowId, TASK_QUEUE } from '../contract/mailbox.ts';

/** An account as its workflow is named in Temporal. The address is shown to operators, encrypted on the way. */
export interface MailboxRef {
  readonly id: string;
  readonly address: string;
}

/** A worker that died in the middle of a task is waited for this long: a command still has time for another one. */
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

/** How the workflow of an account is started where none runs. */
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
