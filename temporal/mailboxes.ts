import { setTimeout as sleep } from 'node:timers/promises';
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

/** Attempt number of a command, counted from 1. */
export interface CommandAttempt {
  readonly attempt?: number | undefined;
}

/**
 * Commands to the workflows of accounts. Every command starts the workflow where none runs (it then reads its state
 * from the database), so a Temporal server that lost its data heals. All throw `Failure`: InvalidTransition when the
 * account is removed, Unavailable when Temporal or every worker is away. An Unavailable failure with an unknown outcome
 * says so (`isUnclear`), and the same command may be given again.
 */
export interface Mailboxes {
  /** Ensures that the workflow runs. Needs the server, not a worker. */
  start(account: MailboxRef): Promise<void>;
  awaitSignIn(account: MailboxRef, command: AwaitSignInCommand): Promise<MailboxStatus>;
  /** Redeems the code of an attempt. Takes as long as the provider needs. */
  authenticate(account: MailboxRef, command: AuthenticateCommand): Promise<AuthenticateResult>;
  pause(account: MailboxRef, command: Command, attempt?: CommandAttempt): Promise<MailboxStatus>;
  resume(account: MailboxRef, command: ResumeCommand, attempt?: CommandAttempt): Promise<MailboxStatus>;
  remove(account: MailboxRef, command: Command, attempt?: CommandAttempt): Promise<RemovalReceipt>;
  /** Counts mail that arrived since the mailbox was last read. Asks the mail server. */
  countMissed(account: MailboxRef): Promise<MissedMail>;
  /** Makes the workflow read its row: it may have changed, or something may be due. */
  wake(account: MailboxRef, wake: Wake): Promise<void>;
}

/** A worker answers a command in under 100 ms; the rest is for a worker that is just starting. */
const COMMAND_DEADLINE_MS = 8_000;
/** The server answers within milliseconds; the rest is for a busy machine. */
const HEALTH_DEADLINE_MS = 2_000;
/** A run that was ended is replaced at once, by the command itself if by nothing else. */
const SENT_AGAIN_AFTER_MS = 100;
/** Redeeming a code calls the provider twice. */
const AUTHENTICATE_DEADLINE_MS = 25_000;

export function createMailboxes(client: Client): Mailboxes {
  /** A deadline does not say whether the server or the workers were silent; the server's own health check does. */
  async function explain(error: unknown): Promise<unknown> {
    const failure = toFailure(error);
    if (!isFailure(failure) || failure.reason !== 'no-worker' || (await temporalAnswers(client))) return failure;
    return unanswered(error);
  }

  /** Fails at once when the server is away, rather than after a command's whole deadline. */
  async function requireServer(): Promise<void> {
    if (await temporalAnswers(client, HEALTH_DEADLINE_MS)) return;
    throw new Failure('Unavailable', 'The Temporal server does not answer', { reason: 'temporal-down' });
  }

  /**
   * The update's id is the command's, so that Temporal carries one attempt out once. A repetition gets its own id:
   * Temporal would answer it with the failure of the first attempt, while the row holds the actual outcome. A command
   * whose run ended before it answered is sent again under the same id: a new run does not know it, or is carrying it
   * out already, after a reset; the row's outcome counts in both cases.
   */
  async function update<Result, Args extends [{ readonly id?: string | undefined }] | []>(
    account: MailboxRef,
    definition: UpdateDefinition<Result, Args>,
    { deadlineMs = COMMAND_DEADLINE_MS, attempt = 1 }: CommandAttempt & { readonly deadlineMs?: number },
    ...args: Args
  ): Promise<Result> {
    await requireServer();
    const id = args[0]?.id;
    const updateId = id === undefined || attempt === 1 ? id : `${id}.${attempt}`;
    const endsAt = Date.now() + deadlineMs;
    const send = () => {
      const startWorkflowOperation = new WithStartWorkflowOperation<MailboxWorkflow>(
        MAILBOX_WORKFLOW,
        mailboxStart(account),
      );
      // The update rejects with the same error; an unhandled rejection here would end the process.
      startWorkflowOperation.workflowHandle().catch(() => {});
      const how = { args, startWorkflowOperation, ...(updateId === undefined ? {} : { updateId }) };
      return client.withDeadline(endsAt, () =>
        client.workflow.executeUpdateWithStart<MailboxWorkflow, Result, Args>(definition, how),
      );
    };
    for (let lost: Failure | undefined; ; ) {
      try {
        return await send();
      } catch (error) {
        const failure = await explain(error);
        if (isFailure(failure) && failure.reason === 'workflow-ended') {
          lost = failure;
          await sleep(SENT_AGAIN_AFTER_MS);
          continue;
        }
        // The outcome of what was sent before is unknown, whatever hinders this sending.
        throw lost && isFailure(failure, 'Unavailable') ? lost : failure;
      }
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
