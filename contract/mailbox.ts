import type { AccountState, ResumeMode } from '../domain/account-state.ts';
import type { CommandOutcome } from '../domain/command-outcome.ts';
import type { FailureReason, FailureTrace, FailureType } from '../domain/failure.ts';

/**
 * What the mailbox workflow accepts and answers: names and types, no behaviour. The strings are wire format; recorded
 * histories and running workflows know them. Everything here is plain JSON, and nothing of it is mail or a secret.
 */

export const MAILBOX_WORKFLOW = 'mailbox';

export const READER_WORKFLOW = 'reader';

/** Apart from the mailboxes: its activities run for minutes, and workers of the release before do not know them. */
export const READERS_TASK_QUEUE = 'mailroom-readers';

/** One workflow for each share of the mailboxes. */
export function readerWorkflowId(share: number): string {
  return `reader-${share}`;
}

export interface ReaderInput {
  readonly share: number;
}

/** Workflow tasks and activities share one queue name; a worker may serve both or one of them. */
export const TASK_QUEUE = 'mailroom';

/** One workflow for each account, for as long as the account lives. */
export function mailboxWorkflowId(accountId: string): string {
  return `mailbox-${accountId}`;
}

/** The account that a workflow is named for; undefined for one that is named otherwise. */
export function accountOfMailbox(workflowId: string): string | undefined {
  return /^mailbox-([\da-f-]{36})$/.exec(workflowId)?.[1];
}

/** The id alone: every run begins by reading the account's state from the database, so nothing is carried over. */
export interface MailboxInput {
  readonly accountId: string;
}

/** Who cancels a workflow by Temporal's own pages or command line, which do not say more than that. */
export const TEMPORAL_OPERATOR = 'temporal';

/** What a client starts: the type alone, because clients must not load the workflow's code. */
export type MailboxWorkflow = (input: MailboxInput) => Promise<void>;

export interface Command {
  /** Who gave it: `user:<id>`, `key:<id>`, `cli` or `temporal`. */
  readonly actor: string;
  /** The row remembers its outcome by this. Without one it comes from an API of 0.1.0, and is judged as that release did. */
  readonly id?: string | undefined;
  /** The order in which the API accepted it: one that comes after a later one was carried out changes nothing. */
  readonly number?: number | undefined;
}

export interface ResumeCommand extends Command {
  readonly mode: ResumeMode;
}

/** A new attempt to sign in was written to the database; the workflow watches its end. */
export interface AwaitSignInCommand extends Command {
  readonly signInId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The browser came back: the attempt holds the code, encrypted, in the database. */
export interface AuthenticateCommand {
  readonly signInId: string;
  /** Of this try; the attempt to sign in may be tried again. Missing: from an API of 0.1.0. */
  readonly id?: string | undefined;
}

/** What became of a command, as the row remembers it. */
export interface CommandReceipt {
  readonly outcome: CommandOutcome;
  /** Right after it. */
  readonly state: AccountState;
  /** Milliseconds since 1970. */
  readonly carriedOutAt: number;
}

/** Why a workflow is woken: for people who read its history. What is to be done stands in the row. */
export interface Wake {
  readonly because: 'mail' | 'upkeep' | 'sign-in-restored' | 'asked-for' | 'stale' | 'columns';
}

export interface MailboxStatus {
  readonly accountId: string;
  readonly state: AccountState;
  /** Of a command. Missing in the answers of a worker of 0.1.0. */
  readonly receipt?: CommandReceipt | undefined;
}

export type AuthenticateResult =
  | { readonly ok: true; readonly state: AccountState }
  | ({ readonly ok: false; readonly state: AccountState } & SignInRefusal);

/** Why a sign-in was refused, and by what the provider finds that again. */
export interface SignInRefusal extends FailureTrace {
  readonly type: FailureType;
  readonly reason?: FailureReason | undefined;
  /** With `clock-wrong`: the provider's clock minus ours, in milliseconds. */
  readonly clockSkewMs?: number | undefined;
}

/** What came to the mailbox while nobody read it. */
export interface MissedMail {
  /** Null: Microsoft does not know. */
  readonly count: number | null;
  /** Milliseconds since 1970: when the mailbox was last read to its end. */
  readonly since: number;
}

export interface RemovalReceipt {
  readonly tokensDeleted: boolean;
  /** False: Microsoft could not be told, and stops notifying by itself within days. */
  readonly notificationsEnded: boolean;
  /** Items that stay in their queues. */
  readonly itemsKept: number;
  /** Milliseconds since 1970. */
  readonly removedAt: number;
}

export const updateNames = {
  awaitSignIn: 'awaitSignIn',
  authenticate: 'authenticate',
  pause: 'pause',
  resume: 'resume',
  remove: 'remove',
  countMissed: 'countMissed',
} as const;

/**
 * `ring` is the one signal: look at your row. Its name is that of 0.1.0, because workers of that release hear no other one.
 * `tend` was a second one for the same; nothing sends it any more.
 */
export const signalNames = { wake: 'ring', tend: 'tend' } as const;
export const queryNames = { status: 'status' } as const;

/** Plain-text attributes by which operators filter workflows. Never encrypted, so never an address in them. */
export const searchAttributeNames = {
  state: 'MailroomState',
  lastDrain: 'MailroomLastDrain',
  mailbox: 'MailroomMailbox',
  today: 'MailroomToday',
  trouble: 'MailroomTrouble',
} as const;
/** Of readers. Numbers, so that they sort: Temporal's visibility on SQL has three such attributes of each type. */
export const readerAttributeNames = {
  worker: 'MailroomWorker',
  accounts: 'MailroomAccounts',
  current: 'MailroomCurrent',
  lagSeconds: 'MailroomLagSeconds',
} as const;
/** All of them, with their types, as they are registered: before a workflow sets one. */
export const searchAttributeTypes: Readonly<Record<string, 'Keyword' | 'Int' | 'Double'>> = {
  [searchAttributeNames.state]: 'Keyword',
  [searchAttributeNames.lastDrain]: 'Keyword',
  [searchAttributeNames.mailbox]: 'Keyword',
  [searchAttributeNames.today]: 'Int',
  [searchAttributeNames.trouble]: 'Keyword',
  [readerAttributeNames.worker]: 'Keyword',
  [readerAttributeNames.accounts]: 'Double',
  [readerAttributeNames.current]: 'Double',
  [readerAttributeNames.lagSeconds]: 'Double',
};
