import { sql } from 'kysely';
import type { Progress } from '../scripts/embedded/progress.ts';
import {
  type BenchmarkCase,
  type BenchmarkStep,
  type BenchOptions,
  type StackKind,
  type StackStep,
  stackKinds,
} from './benchmark-case.ts';
import type { Figure } from './figure.ts';
import { addAccounts, addressesOf, type BenchAccount } from './stack/add-accounts.ts';
import { settleAccounts } from './stack/settle-accounts.ts';
import { type BenchStack, startBenchStack } from './stack/start-bench-stack.ts';

export interface RunOptions extends BenchOptions {
  readonly progress: Progress;
  readonly profiles: string | undefined;
  /** Aborted on a request to end: the running step fails, and no further step begins. */
  readonly ended: AbortSignal;
}

/** Figures by case, in the order of the cases. A failed step is reported, and the others go on. */
export type Results = ReadonlyMap<string, readonly Figure[]>;

/**
 * Runs cases: first the steps that start their own processes, then all others on one stack of each kind, in ascending
 * order of connected mailboxes.
 */
export async function runCases(cases: readonly BenchmarkCase[], options: RunOptions): Promise<Results> {
  const figures = new Map<BenchmarkStep, readonly Figure[]>();
  const named = cases.flatMap(({ name, steps }) => steps.map((step) => ({ name, step })));
  const attempt = async (work: () => Promise<void>) => {
    try {
      if (!options.ended.aborted) await work();
    } catch (error) {
      if (options.ended.aborted) return;
      options.progress.fail(error);
      process.exitCode = 1;
    }
  };
  const run = (name: string, step: BenchmarkStep, work: () => Promise<readonly Figure[]>) =>
    attempt(async () => void figures.set(step, await options.progress.step(work, () => name)));
  for (const { name, step } of named) {
    if (step.stack === 'own') await run(name, step, () => step.run(options));
  }
  for (const kind of stackKinds) {
    const steps = named
      .flatMap(({ name, step }) => (step.stack === kind ? [{ name, step }] : []))
      .toSorted((a, b) => a.step.connected - b.step.connected);
    if (steps.length > 0) await attempt(() => runOnStack(kind, steps, options, run));
  }
  return new Map(cases.map(({ name, steps }) => [name, steps.flatMap((step) => figures.get(step) ?? [])]));
}

async function runOnStack(
  kind: StackKind,
  steps: readonly { readonly name: string; readonly step: StackStep }[],
  options: RunOptions,
  run: (name: string, step: BenchmarkStep, work: () => Promise<readonly Figure[]>) => Promise<void>,
): Promise<void> {
  const { progress } = options;
  const stack = await progress.step(
    () => startBenchStack(options),
    () => `Stack for ${kind === 'empty' ? 'cases without connected mailboxes' : `mailboxes by ${kind}`}`,
  );
  const accounts: BenchAccount[] = [];
  try {
    for (const { name, step } of steps) {
      if (options.ended.aborted) return;
      const missing = step.connected - accounts.length;
      if (missing > 0) {
        await progress.step(
          async () => {
            const delivery = { push: kind === 'push', captureFrom: new Date() };
            const more = await addAccounts(stack, addressesOf('desk', missing, accounts.length + 1), delivery);
            await settleAccounts(stack, more, delivery);
            accounts.push(...more);
          },
          () => `${step.connected} mailboxes connected`,
        );
      }
      const label = step.connected > 0 ? `${name} with ${step.connected} mailboxes` : name;
      await forgetUnindexed(stack);
      await run(label, step, () => step.run({ stack, accounts }, options));
    }
  } finally {
    await stack.stop();
  }
}

/** A step that captures 100,000 mails leaves minutes of indexing for search, which the next ones would measure too. */
async function forgetUnindexed({ db }: BenchStack): Promise<void> {
  await sql`truncate search_pending`.execute(db);
}
