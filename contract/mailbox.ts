import type { AccountState, ResumeMode } from '../domain/account-state.ts';
import type { CommandOutcome } from '../domain/command-outcome.ts';
import type { FailureReason, FailureTrace, FailureType } from '../domain/failure.ts';

/**
 * What the mailbox workflow accepts and answers: names and types, no behaviour. The strings are wire format; recorded
 * histories and running workflows depend on them. Everything here is plain JSON, without mail or secrets.
 */

export const MAILBOX_WORKFLOW = 'mailbox';

export const READER_WORKFLOW = 'reader';

/**
 * Separate from the mailboxes: its activities run for minutes, and workers of the previous release do not know them.
 */
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

/** The account in a workflow id; undefined for any other id. */
export function accountOfMailbox(workflowId: string): string | undefined {
  return /^mailbox-([\da-f-]{36})$/.exec(workflowId)?.[1];
}

/** The id alone: every run begins by reading the account's state from the database, so nothing is carried over. */
export interface MailboxInput {
  readonly accountId: string;
}

/** The actor of a cancellation by Temporal's own pages or command line, which name no person. */
export const TEMPORAL_OPERATOR = 'temporal';

/** What a client starts: the type alone, because clients must not load the workflow's code. */
export type MailboxWorkflow = (input: MailboxInput) => Promise<void>;

export interface Command {
  /** Who gave it: `user:<id>`, `key:<id>`, `cli` or `temporal`. */
  readonly actor: string;
  /**
   * The row remembers the outcome under this id. Without one the command comes from an API of 0.1.0, and is decided as
   * that release did.
   */
  readonly id?: string | undefined;
  /** The order in which the API accepted it: a command changes nothing once a later one was carried out. */
  readonly number?: number | undefined;
}

export interface ResumeCommand extends Command {
  readonly mode: ResumeMode;
}

/** A new sign-in attempt is in the database; the workflow watches for its end. */
export interface AwaitSignInCommand extends Command {
  readonly signInId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The browser came back: the database holds the code of the attempt, encrypted. */
export interface AuthenticateCommand {
  readonly signInId: string;
  /** Id of this try; a sign-in attempt may be tried again. Missing: from an API of 0.1.0. */
  readonly id?: string | undefined;
}

/** The outcome of a command, as the row remembers it. */
export interface CommandReceipt {
  readonly outcome: CommandOutcome;
  /** Right after the command. */
  readonly state: AccountState;
  /** Milliseconds since 1970. */
  readonly carriedOutAt: number;
}

/** Why a workflow is woken, for people who read its history. The row says what has to be done. */
export interface Wake {
  readonly because: 'mail' | 'upkeep' | 'sign-in-restored' | 'asked-for' | 'stale' | 'columns';
}

export interface MailboxStatus {
  readonly accountId: string;
  readonly state: AccountState;
  /** Missing for anything but a command, and in the answers of a worker of 0.1.0. */
  readonly receipt?: CommandReceipt | undefined;
}

export type AuthenticateResult =
  | { readonly ok: true; readonly state: AccountState }
  | ({ readonly ok: false; readonly state: AccountState } & SignInRefusal);

/** Why a sign-in was refused, and the ids by which the provider finds that refusal. */
export interface SignInRefusal extends FailureTrace {
  readonly type: FailureType;
  readonly reason?: FailureReason | undefined;
  /** With `clock-wrong`: the provider's clock minus ours, in milliseconds. */
  readonly clockSkewMs?: number | undefined;
}

/** Mail that arrived while the mailbox was not read. */
export interface MissedMail {
  /** Null: Microsoft does not know. */
  readonly count: number | null;
  /** Milliseconds since 1970: when the mailbox was last read to its end. */
  readonly since: number;
}

export interface RemovalReceipt {
  readonly tokensDeleted: boolean;
  /** False: Microsoft could not be asked to end the subscription, which expires within days. */
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
 * `ring` is the one signal: read your row. It keeps the name of 0.1.0, the only one that workers of that release
 * accept. `tend` was a second signal with the same meaning; it is no longer sent.
 */
export const signalNames = { wake: 'ring', tend: 'tend' } as const;
export const queryNames = { status: 'status' } as const;

/** Plain-text attributes by which operators filter workflows. Never encrypted, so they never hold an address. */
export const searchAttributeNames = {
  state: 'MailroomState',
  lastDrain: 'MailroomLastDrain',
  mailbox: 'MailroomMailbox',
  today: 'MailroomToday',
  trouble: 'MailroomTrouble',
} as const;
/**
 * Attributes of readers. Numbers, so that they sort: Temporal's visibility on SQL has three such attributes of each
 * type.
 */
export const readerAttributeNames = {
  worker: 'MailroomWorker',
  accounts: 'MailroomAccounts',
  current: 'MailroomCurrent',
  lagSeconds: 'MailroomLagSeconds',
} as const;
/** All search attributes with their types. They are registered before a workflow sets one. */
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
