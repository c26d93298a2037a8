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

/** An account as the database holds it, as far as the workflow decides by it. */
export interface AccountReading {
  readonly signIn: SignInState;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** Milliseconds since 1970; while `signIn` is `awaiting`. */
  readonly signInExpiresAt?: number;
  /** Microsoft notifies us of its mail. */
  readonly subscribed: boolean;
  /** Milliseconds since 1970: when its notifications are to be looked after. */
  readonly subscriptionDueAt: number;
  /** Milliseconds since 1970: when mailbox and ledger are to be compared. */
  readonly reconcileDueAt: number;
  /** The worker's setting: how soon a drain that no longer answers is given to somebody else. */
  readonly drainHeartbeatTimeoutMs: number;
  /** Missing where Temporal does not know the attributes that they are shown in, and in the answer of a worker of 0.1.0. */
  readonly columns?: AccountColumns | undefined;
}

/** An account after a command. */
export interface CommandReport extends AccountReading {
  /** Missing in the answer of a worker of 0.1.0. */
  readonly receipt?: CommandReceipt | undefined;
}

/** How it stands with an account's notifications. */
export interface SubscriptionReport {
  /** Milliseconds since 1970: when it is to be looked after again. */
  readonly dueAt: number;
  /** It was made just now: mail may have come since the last drain without a bell. */
  readonly isNew: boolean;
}

/** The result of one turn of a drain. */
export interface DrainReport {
  readonly captured: number;
  /** Seen before: the repeat of a page, or a change of a message that is captured already. */
  readonly known: number;
  /** Received before the account was connected, or while it was paused and resumed "from now on". */
  readonly skipped: number;
  readonly quarantined: number;
  /** The turn ended before the mailbox did. */
  readonly hasMore: boolean;
  /** Milliseconds since 1970: when mailbox and ledger are to be compared. Told at the mailbox's end. */
  readonly reconcileDueAt?: number;
  /** Milliseconds until the mailbox should be read again when nobody asks for it: no doorbell, no look. */
  readonly nextDrainInMs: number;
}

/** The result of one turn of a comparison of mailbox and ledger. */
export interface ReconcileReport {
  /** Messages of the mailbox so far … */
  readonly seen: number;
  /** … and how many of them are captured; the rest is in quarantine. */
  readonly known: number;
  /** Messages that had been missing and were captured, or put into quarantine, by this turn. */
  readonly repaired: number;
  /** The turn ended before the comparison did. */
  readonly hasMore: boolean;
  /** Milliseconds until the next turn, or the next comparison. */
  readonly nextDueInMs: number;
}

export type CleanUp = Omit<RemovalReceipt, 'notificationsEnded'> & Partial<Pick<RemovalReceipt, 'notificationsEnded'>>;

export interface RemoveCommand extends Command {
  readonly notificationsEnded?: boolean | undefined;
}

/** What a reader showed at the end of a placement. */
export interface ShareReport {
  readonly isRetired: false;
  /** Host and process. */
  readonly worker: string;
  readonly accounts: number;
  readonly current: number;
  /** Since the worker took the share. */
  readonly captured: number;
  readonly oldestLagSeconds: number;
  /** The namespace knows the attributes for this. */
  readonly hasAttributes: boolean;
}

/** What the workflow of a reader calls. */
export interface ReaderActivities {
  readShare(share: number): Promise<ShareReport | { readonly isRetired: true }>;
}

/** What the mailbox workflow calls. Each is safe to repeat. */
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
  /** The first receipt, where the same command is repeated. A worker of 0.1.0 answers without `notificationsEnded`. */
  cleanUp(accountId: string, command: RemoveCommand): Promise<CleanUp>;
}
