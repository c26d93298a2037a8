import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import * as listens from '../contract/definitions.ts';
import {
  type AuthenticateCommand,
  type AuthenticateResult,
  type AwaitSignInCommand,
  type Command,
  MAILBOX_WORKFLOW,
  type MailboxStatus,
  type MailboxWorkflow,
  type MissedMail,
  type RemovalReceipt,
  type ResumeCommand,
  type Wake,
} from '../contract/mailbox.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { temporalAnswers } from './client.ts';
import { toFailure, unanswered } from './client-failure.ts';
import { type MailboxRef, mailboxStart } from './mailbox-start.ts';

export type { MailboxRef } from './mailbox-start.ts';

/** Which attempt of a command this is, counted from 1. */
export interface CommandAttempt {
  readonly attempt?: number | undefined;
}

/**
 * Commands to the workflows of accounts. Every command starts the workflow where none runs (it then reads its state
 * from the database), so a lost Temporal heals itself. All throw `Failure`: InvalidTransition when the account is removed,
 * Unavailable when Temporal or every worker is away; where the outcome is unknown then, it says so (`isUnclear`), and the
 * same command may be given again.
 */
export interface Mailboxes {
  /** Makes sure that the workflow runs. Needs the server, not a worker. */
  start(account: MailboxRef): Promise<void>;
  awaitSignIn(account: MailboxRef, command: AwaitSignInCommand): Promise<MailboxStatus>;
  /** Redeems the code of an attempt. Takes as long as the provider needs. */
  authenticate(account: MailboxRef, command: AuthenticateCommand): Promise<AuthenticateResult>;
  pause(account: MailboxRef, command: Command, attempt?: CommandAttempt): Promise<MailboxStatus>;
  resume(account: MailboxRef, command: ResumeCommand, attempt?: CommandAttempt): Promise<MailboxStatus>;
  remove(account: MailboxRef, command: Command, attempt?: CommandAttempt): Promise<RemovalReceipt>;
  /** Counts what came to the mailbox since it was last read. Asks the mail server. */
  countMissed(account: MailboxRef): Promise<MissedMail>;
  /** Look at your row: something may have changed there, or be due. */
  wake(account: MailboxRef, wake: Wake): Promise<void>;
}

/** A worker answers a command in under 100 ms; the rest is for one that is just starting. */
const COMMAND_DEADLINE_MS = 8_000;
/** It answers within milliseconds; the rest is for a busy machine. */
const HEALTH_DEADLINE_MS = 2_000;
/** Redeeming a code calls the provider twice. */
const AUTHENTICATE_DEADLINE_MS = 25_000;

export function createMailboxes(client: Client): Mailboxes {
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

  /**
   * The update's id is the command's, so that Temporal carries one attempt out once. A repetition gets an id of its own:
   * Temporal would answer it with the failure of the first, and the row knows better.
   */
  async function update<Result, Args extends [{ readonly id?: string | undefined }] | []>(
    account: MailboxRef,
    definition: UpdateDefinition<Result, Args>,
    { deadlineMs = COMMAND_DEADLINE_MS, attempt = 1 }: CommandAttempt & { readonly deadlineMs?: number },
    ...args: Args
  ): Promise<Result> {
    await requireServer();
    const startWorkflowOperation = new WithStartWorkflowOperation<MailboxWorkflow>(
      MAILBOX_WORKFLOW,
      mailboxStart(account),
    );
    // Its rejection is the update's too; unobserved it would end the process.
    startWorkflowOperation.workflowHandle().catch(() => {});
    const id = args[0]?.id;
    const updateId = id === undefined || attempt === 1 ? id : `${id}.${attempt}`;
    try {
      return await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.executeUpdateWithStart<MailboxWorkflow, Result, Args>(definition, {
          args,
          startWorkflowOperation,
          ...(updateId === undefined ? {} : { updateId }),
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

  return {
    async start(account) {
      await requireServer();
      await call(() => client.workflow.start<MailboxWorkflow>(MAILBOX_WORKFLOW, mailboxStart(account)));
    },
    awaitSignIn: (account, command) => update(account, listens.awaitSignIn, {}, command),
    authenticate: (account, command) =>
      update(account, listens.authenticate, { deadlineMs: AUTHENTICATE_DEADLINE_MS }, command),
    pause: (account, command, attempt = {}) => update(account, listens.pause, attempt, command),
    resume: (account, command, attempt = {}) => update(account, listens.resume, attempt, command),
    remove: (account, command, attempt = {}) => update(account, listens.remove, attempt, command),
    countMissed: (account) => update(account, listens.countMissed, {}),
    async wake(account, wake) {
      const signal = { ...mailboxStart(account), signal: listens.wake, signalArgs: [wake] as [Wake] };
      await call(() => client.workflow.signalWithStart(MAILBOX_WORKFLOW, signal));
    },
  };
}
