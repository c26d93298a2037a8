import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { invalidTransition } from './invalid-transition.ts';

/**
 * Ends a run that was started under another id, such as by *Start Workflow Like This One* in Temporal's UI: commands
 * would never reach it, and it would go on with its account after they changed it. Throws a failure that ends the run.
 */
export function requireOwnId(workflowId: string): void {
  if (workflowInfo().workflowId === workflowId) return;
  const message = 'Only Mailroom starts this workflow, once and under its own id';
  throw ApplicationFailure.create({ type: 'NotStartedByMailroom', message, nonRetryable: true });
}

/**
 * Validates an update: Mailroom's commands name who gave them. One that a person sends from Temporal's UI does not, and
 * is refused before it becomes part of the history.
 */
export function requireActor(command: unknown): void {
  if (!hasText(command, 'actor')) throw refused();
}

/** Validates the update that redeems a sign-in, as `requireActor` does. */
export function requireSignInId(command: unknown): void {
  if (!hasText(command, 'signInId')) throw refused();
}

const refused = () => invalidTransition('Give commands in Mailroom, not in Temporal');

function hasText(command: unknown, field: string): boolean {
  if (typeof command !== 'object' || command === null || !(field in command)) return false;
  return typeof (command as Record<string, unknown>)[field] === 'string';
}
