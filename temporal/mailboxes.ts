import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { Failure, isFailure } from '../domain/failure.ts';
import {
  type AuthenticateCommand,
  type AuthenticateResult,
  type AwaitSignInCommand,
  type Command,
  MAILBOX_WORKFLOW,
  type MailboxInput,
  type MailboxStatus,
  type MissedMail,
  mailboxWorkflowId,
  type RemovalReceipt,
  type ResumeCommand,
  signalNames,
  TASK_QUEUE,
  updateNames,
} from '../workflows/contract.ts';
import { temporalAnswers } from './client.ts';
import { toFailure, unanswered } from './client-failure.ts';

/** An account as its workflow is named in Temporal. The address is shown to operators, encrypted on the way. */
export interface MailboxRef {
  readonly id: string;
  readonly address: string;
}

/**
 * Commands to the workflows of accounts. Every command starts the workflow where none runs (it then reads its state
 * from the database), so a lost Temporal heals itself. All throw `Failure`: InvalidTransition when the state forbids
 * the command, Unavailable when Temporal or every worker is away; the outcome is then unknown.
 */
export interface Mailboxes {
  /** Makes sure that the workflow runs. Needs the server, not a worker. */
  start(account: MailboxRef): Promise<void>;
  awaitSignIn(account: MailboxRef, command: AwaitSignInCommand): Promise<MailboxStatus>;
  /** Redeems the code of an attempt. Takes as long as the provider needs. */
  authenticate(account: MailboxRef, command: AuthenticateCommand): Promise<AuthenticateResult>;
  pause(account: MailboxRef, command: Command): Promise<MailboxStatus>;
  resume(account: MailboxRef, command: ResumeCommand): Promise<MailboxStatus>;
  remove(account: MailboxRef, command: Command): Promise<RemovalReceipt>;
  /** Counts what came to the mailbox since it was last read. Asks the mail server. */
  countMissed(account: MailboxRef): Promise<MissedMail>;
  /** Rings the doorbell: something may be new in the mailbox. */
  ring(account: MailboxRef): Promise<void>;
  /** Something of the account's upkeep became due in the database. */
  tend(account: MailboxRef): Promise<void>;
}

/** A worker answers a command in under 100 ms; the rest is for one that is just starting. */
const COMMAND_DEADLINE_MS = 8_000;
/** It answers within milliseconds; the rest is for a busy machine. */
const HEALTH_DEADLINE_MS = 2_000;
/** Redeeming a code calls the provider twice. */
const AUTHENTICATE_DEADLINE_MS = 25_000;

export function createMailboxes(client: Client): Mailboxes {
  const startOptions = (account: MailboxRef) => ({
    workflowId: mailboxWorkflowId(account.id),
    taskQueue: TASK_QUEUE,
    args: [{ accountId: account.id } satisfies MailboxInput] as [MailboxInput],
    staticSummary: account.address,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  });

  /** A deadline that passed says nothing about whose silence it was: the server's own health check does. */
  async function explain(error: unknown): Promise<unknown> {
    const failure = toFailure(error);
    if (!isFailure(failure) || failure.reason !== 'no-worker' || (await temporalAnswers(client))) return failure;
    return unanswered(error);
  }

  /** A server that is away is told at once, and not after a command's whole deadline. */
  async function requireServer(): Promise<void> {
    if (await temporalAnswers(client, HEALTH_DEADLINE_MS)) return;
    throw new Failure('Unavailable', 'The Temporal server does not answer', { reason: 'temporal-down' });
  }

  async function update<Result>(account: MailboxRef, name: string, deadlineMs: number, ...args: readonly unknown[]) {
    await requireServer();
    const startWorkflowOperation = new WithStartWorkflowOperation(MAILBOX_WORKFLOW, startOptions(account));
    // Its rejection is the update's too; unobserved it would end the process.
    startWorkflowOperation.workflowHandle().catch(() => {});
    try {
      return await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.executeUpdateWithStart<never, Result, unknown[]>(name, {
          args: [...args],
          startWorkflowOperation: startWorkflowOperation as never,
        }),
      );
    } catch (error) {
      throw await explain(error);
    }
  }

  async function call<Result>(fn: () => Promise<Result>): Promise<Result> {
    try {
      return await client.withDeadline(Date.now() + COMMAND_DEADLINE_MS, fn);
    } catch (error) {
      throw await explain(error);
    }
  }

  const signal = (account: MailboxRef, name: string) =>
    call(async () => {
      await client.workflow.signalWithStart(MAILBOX_WORKFLOW, {
        ...startOptions(account),
        signal: name,
        signalArgs: [],
      });
    });

  return {
    async start(account) {
      await requireServer();
      await call(() => client.workflow.start(MAILBOX_WORKFLOW, startOptions(account)));
    },
    awaitSignIn: (account, command) => update(account, updateNames.awaitSignIn, COMMAND_DEADLINE_MS, command),
    authenticate: (account, command) => update(account, updateNames.authenticate, AUTHENTICATE_DEADLINE_MS, command),
    pause: (account, command) => update(account, updateNames.pause, COMMAND_DEADLINE_MS, command),
    resume: (account, command) => update(account, updateNames.resume, COMMAND_DEADLINE_MS, command),
    remove: (account, command) => update(account, updateNames.remove, COMMAND_DEADLINE_MS, command),
    countMissed: (account) => update(account, updateNames.countMissed, COMMAND_DEADLINE_MS),
    ring: (account) => signal(account, signalNames.ring),
    tend: (account) => signal(account, signalNames.tend),
  };
}
