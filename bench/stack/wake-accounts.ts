import { sql } from 'kysely';
import pMap from 'p-map';
import { until } from '../measure/until.ts';
import type { BenchAccount } from './add-accounts.ts';
import type { BenchStack } from './start-bench-stack.ts';

const RINGS_AT_A_TIME = 16;
const WOKEN_WITHIN_MS = 120_000;

/** Wakes the workflows of accounts and waits until each has drained; afterwards they are started and wait for mail. */
export async function wakeAccounts(stack: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  const { rows } = await sql<{ now: Date }>`select now()`.execute(stack.db);
  await pMap(accounts, (account) => stack.mailboxes.wake(account, { because: 'asked-for' }), {
    concurrency: RINGS_AT_A_TIME,
  });
  const ids = accounts.map(({ id }) => id);
  const asleep = sql<{ count: number }>`
    select count(*) from unnest(${ids}::uuid[]) as woken (account_id)
      left join mailbox_budgets using (account_id) left join watches using (account_id)
      left join subscriptions using (account_id)
    where mailbox_budgets.account_id is null or mailbox_budgets.holder is not null
      or watches.current_at < ${rows[0]?.now} or watches.due_at = 'infinity' or subscriptions.account_id is null
  `;
  await until('every mailbox was drained', async () => (await asleep.execute(stack.db)).rows[0]?.count === 0, {
    timeoutMs: WOKEN_WITHIN_MS,
    everyMs: 200,
  });
}
