import type { Plan } from '../plan/plan.ts';
import type { Operation, Suffered } from '../record/operation.ts';

/** A message that Mailroom has, with its item. Times are milliseconds; accounts and queues by the plan's numbers. */
export interface RoutedMail {
  /** Undefined: of an account that the plan does not know. */
  readonly account: number | undefined;
  readonly graphId: string;
  readonly subject: string;
  readonly receivedAt: number;
  /** The transaction that wrote it: when it began, and when it was committed. */
  readonly routedFrom: number;
  readonly routedBy: number;
  /** Undefined: the message has none. */
  readonly item: RoutedItem | undefined;
}

export interface RoutedItem {
  readonly id: string;
  readonly queue: number | undefined;
  /** Of the routing that decided. */
  readonly version: number;
  readonly state: string;
  /** The actor, as the API names it. */
  readonly claimedBy: string | null;
}

/** What changed at an account, in the order of the commits. */
export interface AccountChange {
  readonly account: number;
  readonly name: 'disabled' | 'enabled' | 'removed' | 'sign-in-needed' | 'authenticated';
  readonly mode: string | undefined;
  /** When it was committed. */
  readonly at: number;
}

/** An account after everything was healed and has come to rest. */
export interface AccountAtEnd {
  readonly account: number;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly state: string;
  readonly reading: string;
  readonly routingVersion: number;
  /** What its workflow says; undefined: it does not answer. */
  readonly workflow: string | undefined;
  readonly comparison:
    | {
        readonly inMailbox: number;
        readonly inLedger: number;
        readonly inQuarantine: number;
        /** What the mailbox holds of what was to be compared, as the simulator counts it. */
        readonly counted: number;
      }
    | undefined;
  /** Whether a mail that came at the very end was routed. */
  readonly isProbeRouted: boolean;
}

/** Everything from which the checker decides. */
export interface Evidence {
  readonly plan: Plan;
  readonly operations: readonly Operation[];
  readonly suffered: readonly Suffered[];
  readonly mails: readonly RoutedMail[];
  readonly changes: readonly AccountChange[];
  readonly accounts: readonly AccountAtEnd[];
  /** Names of agents by what the API calls them. */
  readonly actors: ReadonlyMap<string, string>;
}
