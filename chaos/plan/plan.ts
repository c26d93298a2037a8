/** How new mail of an account is detected, and who signs in. */
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

/** Where an account's mail goes; queues by number. */
export interface PlannedRouting {
  readonly defaultQueue: number;
  readonly rules: readonly { readonly queue: number; readonly keywords: readonly string[] }[];
}

/** How the claim of an item ends. */
export const endings = ['complete', 'release', 'abandon', 'renew'] as const;
export type Ending = (typeof endings)[number];

/** What people, their programs and Microsoft do. Accounts, queues and mails by number. */
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
  /** Permanent: no further action follows for the account, while its mailbox still gets mail. */
  | { readonly do: 'remove'; readonly account: number }
  | { readonly do: 'enable'; readonly account: number; readonly resume: ResumeMode }
  | { readonly do: 'route'; readonly account: number; readonly routing: PlannedRouting }
  | { readonly do: 'revoke'; readonly account: number; readonly reason: string }
  | { readonly do: 'sign-in'; readonly account: number }
  /** Shared mailboxes: the user who signs in loses access, and gets it back. */
  | { readonly do: 'withdraw'; readonly account: number }
  | { readonly do: 'grant'; readonly account: number }
  | { readonly do: 'compare'; readonly account: number }
  /** The mailbox gets another address; the caretaker then signs in to its account again. */
  | { readonly do: 'rename'; readonly account: number; readonly address: string }
  | {
      readonly do: 'work';
      readonly queue: number;
      /** `next`: the oldest waiting item. A number: that item of the list, which other agents may be claiming. */
      readonly choice: 'next' | number;
      readonly leaseSeconds: number;
      readonly holdMs: number;
      readonly ending: Ending;
    };

/** The processes of Mailroom, by the nemesis' names. */
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
  /** Microsoft accepts every connection and answers none, and no mail is delivered. */
  | { readonly do: 'simulator-freeze'; readonly forMs: number }
  | { readonly do: 'simulator-fault'; readonly fault: Readonly<Record<string, unknown>>; readonly forMs: number };

/** The target of a harm. Harms to the same target never overlap. */
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

/** Milliseconds since the start; the actions of one actor run in sequence. */
export type PlannedAction = Action & { readonly at: number; readonly actor: string };
export type PlannedHarm = Harm & { readonly at: number };

/** Everything that a run does. Which actions succeed, and in which order they interleave, depends on the machine. */
export interface Plan {
  readonly seed: number;
  readonly minutes: number;
  readonly accounts: readonly PlannedAccount[];
  readonly queues: readonly string[];
  /** Routings of all accounts at the start. */
  readonly routing: PlannedRouting;
  readonly agents: readonly string[];
  readonly actions: readonly PlannedAction[];
  readonly harms: readonly PlannedHarm[];
}
