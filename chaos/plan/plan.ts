/** How new mail of an account is found, and who signs in. */
export const accountKinds = ['push', 'poll', 'shared'] as const;
export type AccountKind = (typeof accountKinds)[number];

export interface PlannedAccount {
  readonly address: string;
  readonly kind: AccountKind;
  /** Of a shared mailbox. */
  readonly signInAs?: string;
}

export const resumeModes = ['catch-up', 'from-now'] as const;
export type ResumeMode = (typeof resumeModes)[number];

/** Where the mail of an account goes; queues by their number. */
export interface PlannedRouting {
  readonly defaultQueue: number;
  readonly rules: readonly { readonly queue: number; readonly keywords: readonly string[] }[];
}

/** What becomes of an item that was claimed. */
export const endings = ['complete', 'release', 'abandon', 'renew'] as const;
export type Ending = (typeof endings)[number];

/** What people, their programs and Microsoft do. Accounts, queues and mails by their numbers. */
export type Action =
  | {
      readonly do: 'deliver';
      readonly mail: number;
      readonly account: number;
      readonly subject: string;
      readonly folder: 'inbox' | 'archive';
    }
  | { readonly do: 'edit'; readonly mail: number; readonly account: number; readonly subject: string }
  | { readonly do: 'move'; readonly mail: number; readonly account: number; readonly folder: 'inbox' | 'archive' }
  | { readonly do: 'delete'; readonly mail: number; readonly account: number }
  | { readonly do: 'disable'; readonly account: number }
  /** For good: nothing else is done to the account afterwards, while mail goes on coming to its mailbox. */
  | { readonly do: 'remove'; readonly account: number }
  | { readonly do: 'enable'; readonly account: number; readonly resume: ResumeMode }
  | { readonly do: 'route'; readonly account: number; readonly routing: PlannedRouting }
  | { readonly do: 'revoke'; readonly account: number; readonly reason: string }
  | { readonly do: 'sign-in'; readonly account: number }
  /** Of a shared mailbox: access is taken from whoever signs in for it, and given back. */
  | { readonly do: 'withdraw'; readonly account: number }
  | { readonly do: 'grant'; readonly account: number }
  | { readonly do: 'compare'; readonly account: number }
  /** The mailbox gets another address; who sees that signs in to its account again. */
  | { readonly do: 'rename'; readonly account: number; readonly address: string }
  | {
      readonly do: 'work';
      readonly queue: number;
      /** The oldest that waits; a number: that one of the list, which others may just be taking. */
      readonly choice: 'next' | number;
      readonly leaseSeconds: number;
      readonly holdMs: number;
      readonly ending: Ending;
    };

/** The processes of Mailroom, as the nemesis names them. */
export const targets = ['api-1', 'api-2', 'worker-1', 'worker-2'] as const;
export type Target = (typeof targets)[number];

export const dependencies = ['postgres', 'temporal', 'simulator'] as const;
export type Dependency = (typeof dependencies)[number];

/** What goes wrong, and for how long. */
export type Harm =
  | { readonly do: 'kill'; readonly target: Target; readonly forMs: number }
  | { readonly do: 'freeze'; readonly target: Target; readonly forMs: number }
  | { readonly do: 'cut' | 'hold'; readonly target: Target; readonly from: Dependency; readonly forMs: number }
  | { readonly do: 'postgres-restart' | 'postgres-freeze' | 'disk-full'; readonly forMs: number }
  | { readonly do: 'temporal-away' | 'temporal-emptied'; readonly forMs: number }
  /** Microsoft takes every connection and answers none, and mail reaches no mailbox either. */
  | { readonly do: 'simulator-freeze'; readonly forMs: number }
  | { readonly do: 'simulator-fault'; readonly fault: Readonly<Record<string, unknown>>; readonly forMs: number };

/** What a harm is done to. Two harms of one thing never overlap. */
export function thingOf(harm: Harm): string {
  switch (harm.do) {
    case 'kill':
    case 'freeze':
      return harm.target;
    case 'cut':
    case 'hold':
      return harm.from === 'simulator' ? harm.from : `${harm.target} ${harm.from}`;
    case 'temporal-away':
    case 'temporal-emptied':
      return 'temporal';
    case 'simulator-fault':
      return 'faults';
    case 'simulator-freeze':
      return 'simulator process';
    default:
      return 'postgres';
  }
}

/** Milliseconds since the beginning; of one actor, one after another. */
export type PlannedAction = Action & { readonly at: number; readonly actor: string };
export type PlannedHarm = Harm & { readonly at: number };

/** All that will be done in a run. What of it succeeds, and in which order things meet, is decided by the machine. */
export interface Plan {
  readonly seed: number;
  readonly minutes: number;
  readonly accounts: readonly PlannedAccount[];
  readonly queues: readonly string[];
  /** Of all accounts at the beginning. */
  readonly routing: PlannedRouting;
  readonly agents: readonly string[];
  readonly actions: readonly PlannedAction[];
  readonly harms: readonly PlannedHarm[];
}
