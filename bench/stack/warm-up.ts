import { sql } from 'kysely';
import { noteNotifications } from '../../database/ingest/watches.ts';
import { until } from '../measure/until.ts';
import { everydayMail } from '../real-mail.ts';
import type { BenchAccount } from './add-accounts.ts';
import type { BenchStack } from './start-bench-stack.ts';

const WARM_WITHIN_MS = 120_000;

/**
 * Delivers a first mail to each mailbox and waits until all are captured and no recent notification is left: tokens are
 * cached, as after some hours.
 */
export async function warmUp({ db, simulator }: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  const ids = accounts.map(({ id }) => id);
  await simulator.deliverToEach(
    everydayMail().slice(0, 1),
    accounts.map(({ address }) => address),
    1,
  );
  await noteNotifications(db, ids);
  const cold = sql<{ count: number }>`
    select count(*) from watches
    where account_id = any(${ids}::uuid[]) and (mail_at is null or rung_at > now() - interval '2 seconds')
  `;
  await until('every mailbox got its first mail', async () => (await cold.execute(db)).rows[0]?.count === 0, {
    timeoutMs: WARM_WITHIN_MS,
    everyMs: 200,
  });
}
