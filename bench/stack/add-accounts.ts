import pMap from 'p-map';
import { postponeSubscription } from '../../database/ingest/subscriptions.ts';
import { stopPolling } from '../../database/ingest/watches.ts';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import type { BenchStack } from './start-bench-stack.ts';
import { tokenCacheOf } from './token-cache.ts';

export interface BenchAccount {
  readonly id: string;
  readonly address: string;
  /** For Graph, valid for an hour. */
  readonly accessToken: string;
}

export interface AccountOptions {
  /** False: the accounts are only polled, as where Microsoft cannot reach an installation. */
  readonly push: boolean;
  /** Mail received in an earlier second is not captured; the default is now. */
  readonly captureFrom?: Date;
}

const TOKENS_AT_A_TIME = 16;
const ACCOUNTS_OF_A_TRANSACTION = 500;
/** Longer than any benchmark, so that no drain tries to subscribe during one. */
const POLLED_FOR_MS = 24 * 3_600_000;

/**
 * Writes accounts as their sign-ins would leave them: users, consent and tokens in the simulator, rows in large
 * transactions. Their workflows are not started.
 */
export async function addAccounts(
  stack: BenchStack,
  addresses: readonly string[],
  { push, captureFrom = new Date() }: AccountOptions,
): Promise<readonly BenchAccount[]> {
  const { db, keys, simulator, settings, queueId } = stack;
  const added: BenchAccount[] = [];
  for (let from = 0; from < addresses.length; from += ACCOUNTS_OF_A_TRANSACTION) {
    const signedIn = new Map(
      await pMap(
        addresses.slice(from, from + ACCOUNTS_OF_A_TRANSACTION),
        async (address) => {
          const answer = await simulator.issueTokens(address);
          const cache = await tokenCacheOf(simulator.url, settings, answer);
          return [address, { cache, accessToken: answer.access_token }] as const;
        },
        { concurrency: TOKENS_AT_A_TIME },
      ),
    );
    await db.transaction().execute(async (trx) => {
      const now = new Date();
      const accounts = await trx
        .insertInto('accounts')
        .values(
          [...signedIn.keys()].map((address) => ({
            address,
            defaultQueueId: queueId,
            signIn: 'done' as const,
            identityTenantId: settings.tenantId,
            identityUsername: address,
            identityName: address,
            authenticatedAt: now,
            captureFrom: wholeSecond(captureFrom),
          })),
        )
        .returning(['id', 'address'])
        .execute();
      for (const { id, address } of accounts) {
        const { cache = '', accessToken = '' } = signedIn.get(address) ?? {};
        await putTokenCache(trx, keys, id, cache);
        await stopPolling(trx, id, 'turned-on');
        if (!push) await postponeSubscription(trx, id, new Date(Date.now() + POLLED_FOR_MS));
        added.push({ id, address, accessToken });
      }
    });
  }
  return added;
}

/** `prefix-00001@contoso.example` and so on. */
export function addressesOf(prefix: string, count: number, from = 1): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}-${String(from + n).padStart(5, '0')}@contoso.example`);
}

/** Mail servers report receipt in whole seconds: the second that has begun counts. */
export function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1_000) * 1_000);
}
