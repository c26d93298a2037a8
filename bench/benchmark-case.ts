import type { Figure } from './figure.ts';
import type { BenchAccount } from './stack/add-accounts.ts';
import type { BenchStack } from './stack/start-bench-stack.ts';

/** A named measurement: one or more steps, each on a stack with a given number of connected mailboxes. */
export interface BenchmarkCase {
  readonly name: string;
  /** The question that it answers, in one line. */
  readonly question: string;
  readonly steps: readonly BenchmarkStep[];
}

export type BenchmarkStep = StackStep | LooseStep;

/** Steps of all cases share one stack of each kind, in ascending order of connected mailboxes. */
export interface StackStep {
  /** `empty` has no accounts, and the step may change the tables freely. */
  readonly stack: StackKind;
  /** Mailboxes that are connected when the step begins. */
  readonly connected: number;
  run(crowd: Crowd, options: BenchOptions): Promise<readonly Figure[]>;
}

/** Starts its own processes. */
export interface LooseStep {
  readonly stack: 'own';
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

export const stackKinds = ['empty', 'poll', 'push'] as const;
export type StackKind = (typeof stackKinds)[number];

/** A stack with its connected accounts, in the order in which they were connected. */
export interface Crowd {
  readonly stack: BenchStack;
  readonly accounts: readonly BenchAccount[];
}

export interface BenchOptions {
  /** 1; less for a quick look: a factor for numbers of mails and seconds. */
  readonly scale: number;
  /** Called with a function that ends the processes that the step has started. */
  readonly onStart: (stop: () => Promise<void>) => void;
}
