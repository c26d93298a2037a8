import type { SignInState } from '../domain/account-state.ts';
import type {
  AuthenticateResult,
  AwaitSignInCommand,
  Command,
  MissedMail,
  RemovalReceipt,
  ResumeCommand,
} from '../workflows/contract.ts';

/** An account as the database holds it, as far as the workflow decides by it. */
export interface AccountReading {
  readonly signIn: SignInState;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** Milliseconds since 1970; while `signIn` is `awaiting`. */
  readonly signInExpiresAt?: number;
  /** The worker's setting: how soon a drain that no longer answers is given to somebody else. */
  readonly drainHeartbeatTimeoutMs: number;
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
  /** Milliseconds until the mailbox should be read again when no doorbell rings. */
  readonly pollIntervalMs: number;
}

/** What the mailbox workflow calls. Each is safe to repeat. */
export interface MailboxActivities {
  readAccount(accountId: string): Promise<AccountReading>;
  openSignIn(accountId: string, command: AwaitSignInCommand): Promise<AccountReading>;
  expireSignIn(accountId: string): Promise<AccountReading>;
  redeemSignIn(accountId: string, signInId: string): Promise<AuthenticateResult>;
  pauseAccount(accountId: string, command: Command): Promise<AccountReading>;
  resumeAccount(accountId: string, command: ResumeCommand): Promise<AccountReading>;
  countMissedMail(accountId: string): Promise<MissedMail>;
  keepSignInAlive(accountId: string): Promise<void>;
  drain(accountId: string): Promise<DrainReport>;
  cleanUp(accountId: string, command: Command): Promise<RemovalReceipt>;
}
