import pMap from 'p-map';
import type { BenchAccount } from './add-accounts.ts';
import type { BenchStack } from './start-bench-stack.ts';

const STARTS_AT_A_TIME = 50;

/** Starts the workflows of accounts as the API does; their first drains begin. */
export async function startWorkflows(stack: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  await pMap(accounts, (account) => stack.mailboxes.start(account), { concurrency: STARTS_AT_A_TIME });
}
