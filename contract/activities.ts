import type { AccountColumns } from '../domain/account-columns.ts';
import type { SignInState } from '../domain/account-state.ts';
import type {
  AuthenticateResult,
  AwaitSignInCommand,
  Command,
  CommandReceipt,
  MissedMail,
  RemovalReceipt,
  ResumeCommand,
} from './mailbox.ts';

/** The part of an account's row by which the workflow decides. */
export interface AccountReading {
  readonly signIn: SignInState;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** Milliseconds since 1970; while `signIn` is `awaiting`. */
  readonly signInExpiresAt?: number;
  /** Microsoft sends notifications of its mail. */
  readonly subscribed: boolean;
  /** Milliseconds since 1970: when the subscription is due for maintenance. */
  readonly subscriptionDueAt: number;
  /** Milliseconds since 1970: when the next reconciliation is due. */
  readonly reconcileDueAt: number;
  /** The worker's setting: how long until a drain that no longer answers is retried by another worker. */
  readonly drainHeartbeatTimeoutMs: number;
  /** Missing where Temporal does not know their search attributes, and in the answer of a worker of 0.1.0. */
  readonly columns?: AccountColumns | undefined;
}

/** An account after a command. */
export interface CommandReport extends AccountReading {
  /** Missing in the answer of a worker of 0.1.0. */
  readonly receipt?: CommandReceipt | undefined;
}

/** The state of an account's subscription after maintenance. */
export interface SubscriptionReport {
  /** Milliseconds since 1970: when it is due again. */
  readonly dueAt: number;
  /** It was created just now: mail may have arrived since the last drain without a notification. */
  readonly isNew: boolean;
}

/** The result of one turn of a drain. */
export interface DrainReport {
  readonly captured: number;
  /** Seen before: a repeated page, or a change to a message that is captured already. */
  readonly known: number;
  /** Received before the account was connected, or while it was disabled and enabled again "from now on". */
  readonly skipped: number;
  readonly quarantined: number;
  /** The turn ended before the mailbox was read to its end. */
  readonly hasMore: boolean;
  /** Milliseconds since 1970: when the next reconciliation is due. Set once the mailbox has been read to its end. */
  readonly reconcileDueAt?: number;
  /** Milliseconds until the mailbox should be read again without a notification or a poll. */
  readonly nextDrainInMs: number;
}

/** The result of one turn of a reconciliation. */
export interface ReconcileReport {
  /** Messages of the mailbox so far. */
  readonly seen: number;
  /** Those of them that are captured; the rest is in quarantine. */
  readonly known: number;
  /** Messages that were missing, and that this turn captured or put into quarantine. */
  readonly repaired: number;
  /** The turn ended before the reconciliation did. */
  readonly hasMore: boolean;
  /** Milliseconds until the next turn, or the next reconciliation. */
  readonly nextDueInMs: number;
}

export type CleanUp = Omit<RemovalReceipt, 'notificationsEnded'> & Partial<Pick<RemovalReceipt, 'notificationsEnded'>>;

export interface RemoveCommand extends Command {
  readonly notificationsEnded?: boolean | undefined;
}

/** The figures of a share at the end of a placement. */
export interface ShareReport {
  readonly isRetired: false;
  /** Host and process. */
  readonly worker: string;
  readonly accounts: number;
  readonly current: number;
  /** Since the worker took the share. */
  readonly captured: number;
  readonly oldestLagSeconds: number;
  /** The namespace knows the search attributes for this. */
  readonly hasAttributes: boolean;
}

/** Activities of the reader workflow. */
export interface ReaderActivities {
  readShare(share: number): Promise<ShareReport | { readonly isRetired: true }>;
}

/** Activities of the mailbox workflow. Each is safe to repeat. */
export interface MailboxActivities {
  readAccount(accountId: string): Promise<AccountReading>;
  openSignIn(accountId: string, command: AwaitSignInCommand): Promise<CommandReport>;
  expireSignIn(accountId: string): Promise<AccountReading>;
  redeemSignIn(accountId: string, signInId: string): Promise<AuthenticateResult>;
  pauseAccount(accountId: string, command: Command): Promise<CommandReport>;
  resumeAccount(accountId: string, command: ResumeCommand): Promise<CommandReport>;
  countMissedMail(accountId: string): Promise<MissedMail>;
  keepSignInAlive(accountId: string): Promise<void>;
  drain(accountId: string): Promise<DrainReport>;
  reconcile(accountId: string): Promise<ReconcileReport>;
  keepSubscription(accountId: string): Promise<SubscriptionReport>;
  endSubscription(accountId: string): Promise<boolean>;
  /**
   * Answers with the first receipt when the same command is repeated. A worker of 0.1.0 leaves out
   * `notificationsEnded`.
   */
  cleanUp(accountId: string, command: RemoveCommand): Promise<CleanUp>;
}
