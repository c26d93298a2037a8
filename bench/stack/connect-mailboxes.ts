import { sql } from 'kysely';
import pMap from 'p-map';
import { postponeSubscription } from '../../database/subscriptions.ts';
import { putTokenCache } from '../../database/token-caches.ts';
import { suspendWatch } from '../../database/watches.ts';
import { until } from '../measure/until.ts';
import type { BenchStack } from './start-bench-stack.ts';
import { tokenCacheOf } from './token-cache.ts';

export interface ConnectedMailbox {
  readonly id: string;
  readonly address: string;
}

export interface ConnectOptions {
  /** Without notifications, as if Microsoft could not reach this installation, they are only polled. */
  readonly push: boolean;
  /** Mail received earlier is not captured; now, when it is not given. */
  readonly captureFrom?: Date;
}

const TOKENS_AT_A_TIME = 16;
const ACCOUNTS_OF_A_TRANSACTION = 500;
const STARTS_AT_A_TIME = 50;
/** Longer than any benchmark: nobody tries to have notifications meanwhile. */
const POLLED_FOR_MS = 24 * 3_600_000;
/** Ten thousand first drains on two cores. */
const CONNECTED_WITHIN_MS = 240_000;

/**
 * Connects mailboxes as their sign-ins would have left them: users, tokens and consent at the simulator, and the rows of
 * accounts, written in large transactions. Their workflows do not run yet.
 */
export async function addConnectedMailboxes(
  stack: BenchStack,
  addresses: readonly string[],
  { push, captureFrom = new Date() }: ConnectOptions,
): Promise<readonly ConnectedMailbox[]> {
  const { db, keys, simulator, settings, queueId } = stack;
  const connected: ConnectedMailbox[] = [];
  for (let from = 0; from < addresses.length; from += ACCOUNTS_OF_A_TRANSACTION) {
    const some = addresses.slice(from, from + ACCOUNTS_OF_A_TRANSACTION);
    const caches = await pMap(
      some,
      async (address) => tokenCacheOf(simulator.url, settings, await simulator.issueTokens(address)),
      { concurrency: TOKENS_AT_A_TIME },
    );
    await db.transaction().execute(async (trx) => {
      const now = new Date();
      const accounts = await trx
        .insertInto('accounts')
        .values(
          some.map((address) => ({
            address,
            defaultQueueId: queueId,
            signIn: 'done' as const,
            identityTenantId: settings.tenantId,
            identityUsername: address,
            identityName: address,
            authenticatedAt: now,
            captureFrom,
          })),
        )
        .returning(['id', 'address'])
        .execute();
      const cacheOf = new Map(some.map((address, index) => [address, caches[index] as string]));
      for (const { id, address } of accounts) {
        await putTokenCache(trx, keys, id, cacheOf.get(address) as string);
        await suspendWatch(trx, id);
        if (!push) await postponeSubscription(trx, id, new Date(Date.now() + POLLED_FOR_MS));
      }
      connected.push(...accounts);
    });
  }
  return connected;
}

/** Starts the workflows of mailboxes. */
export async function startMailboxes(stack: BenchStack, mailboxes: readonly ConnectedMailbox[]): Promise<void> {
  await pMap(mailboxes, (mailbox) => stack.mailboxes.start(mailbox), { concurrency: STARTS_AT_A_TIME });
}

/** Connects mailboxes and waits until each was drained for the first time. */
export async function connectMailboxes(
  stack: BenchStack,
  addresses: readonly string[],
  options: ConnectOptions,
): Promise<readonly ConnectedMailbox[]> {
  const connected = await addConnectedMailboxes(stack, addresses, options);
  await startMailboxes(stack, connected);
  await until('every mailbox is current', async () => (await countUnready(stack)) === 0, {
    timeoutMs: CONNECTED_WITHIN_MS,
    everyMs: 250,
  });
  return connected;
}

/** Mailboxes that were not read to their end since their notifications began, or have none yet. */
async function countUnready({ db }: BenchStack): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from watches left join subscriptions using (account_id)
    where current_at is null or watches.due_at = 'infinity' or subscriptions.account_id is null
      or subscriptions.created_at > watches.current_at
  `.execute(db);
  return rows[0]?.count ?? 0;
}

/** Addresses that are different for every prefix: `bench-0001@contoso.example`. */
export function addressesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${String(n + 1).padStart(5, '0')}@contoso.example`);
}
