import type { Plan } from '../plan/plan.ts';
import type { Operation, Suffered } from '../record/operation.ts';

/** A message in Mailroom, with its item. Times are milliseconds; accounts and queues are the plan's numbers. */
export interface RoutedMail {
  /** Undefined for an account that the plan does not have. */
  readonly account: number | undefined;
  readonly graphId: string;
  readonly subject: string;
  readonly receivedAt: number;
  /** The transaction that wrote it: when it began and when it was committed. */
  readonly routedFrom: number;
  readonly routedBy: number;
  /** Undefined when the message has none. */
  readonly item: RoutedItem | undefined;
}

export interface RoutedItem {
  readonly id: string;
  readonly queue: number | undefined;
  /** Version of the routing that decided. */
  readonly version: number;
  readonly state: string;
  /** The actor, as the API names it. */
  readonly claimedBy: string | null;
}

/** A change to an account, in commit order. */
export interface AccountChange {
  readonly account: number;
  readonly name: 'disabled' | 'enabled' | 'removed' | 'sign-in-needed' | 'authenticated';
  readonly mode: string | undefined;
  /** Commit time. */
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
  /** As its workflow answers; undefined when there is no answer. */
  readonly workflow: string | undefined;
  readonly comparison:
    | {
        readonly inMailbox: number;
        readonly inLedger: number;
        readonly inQuarantine: number;
        /** What the mailbox holds of the range to be reconciled, as counted by the simulator. */
        readonly counted: number;
      }
    | undefined;
  /** Whether the last mail of the run was routed. */
  readonly isProbeRouted: boolean;
}

/** Everything that the checker decides from. */
export interface Evidence {
  readonly plan: Plan;
  readonly operations: readonly Operation[];
  readonly suffered: readonly Suffered[];
  readonly mails: readonly RoutedMail[];
  readonly changes: readonly AccountChange[];
  readonly accounts: readonly AccountAtEnd[];
  /** Names of agents by their actors in the API. */
  readonly actors: ReadonlyMap<string, string>;
}
