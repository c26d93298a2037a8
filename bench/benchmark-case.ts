import type { Figure } from './figure.ts';
import type { BenchAccount } from './stack/add-accounts.ts';
import type { BenchStack } from './stack/start-bench-stack.ts';

/** What is measured under one name: some steps, each on a stack with a certain number of connected mailboxes. */
export interface BenchmarkCase {
  readonly name: string;
  /** What it finds out, in one line. */
  readonly question: string;
  readonly steps: readonly BenchmarkStep[];
}

export type BenchmarkStep = StackStep | LooseStep;

/** Steps of all cases that want the same kind of stack share one, beginning with those that want few mailboxes. */
export interface StackStep {
  /** `empty` brings no account, and the step may do with the tables what it likes. */
  readonly stack: StackKind;
  /** Mailboxes that are connected when it begins. */
  readonly connected: number;
  run(crowd: Crowd, options: BenchOptions): Promise<readonly Figure[]>;
}

/** Starts what it needs by itself. */
export interface LooseStep {
  readonly stack: 'own';
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

export const stackKinds = ['empty', 'poll', 'push'] as const;
export type StackKind = (typeof stackKinds)[number];

/** A stack with the accounts that are connected in it, in the order in which they were. */
export interface Crowd {
  readonly stack: BenchStack;
  readonly accounts: readonly BenchAccount[];
}

export interface BenchOptions {
  /** 1; less for a quick look: numbers of mails and seconds are multiplied by it. */
  readonly scale: number;
  /** Called with a function that ends what a step has started by itself. */
  readonly onStart: (stop: () => Promise<void>) => void;
}
