import pMap from 'p-map';
import { mailboxWorkflowId } from '../../contract/mailbox.ts';
import type { BenchAccount } from '../stack/add-accounts.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';

/** Counting more would take longer than the measurement. */
const ACCOUNTS_ASKED = 400;
const ASKED_AT_A_TIME = 20;

/**
 * Events in the histories of all these accounts' workflows; extrapolated from a sample where there are many accounts.
 */
export async function countHistoryEvents(stack: BenchStack, accounts: readonly BenchAccount[]): Promise<number> {
  const step = Math.max(1, Math.floor(accounts.length / ACCOUNTS_ASKED));
  const asked = accounts.filter((_, index) => index % step === 0);
  const lengths = await pMap(
    asked,
    async ({ id }) => (await stack.temporal.workflow.getHandle(mailboxWorkflowId(id)).describe()).historyLength,
    { concurrency: ASKED_AT_A_TIME },
  );
  return (lengths.reduce((sum, length) => sum + length, 0) / asked.length) * accounts.length;
}
