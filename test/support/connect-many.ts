import { createSecretKey } from 'node:crypto';
import pMap from 'p-map';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import { createKeyRing, type KeyRing } from '../../encryption/key-ring.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createSignIn } from '../../graph/entra/sign-in.ts';
import { comeBack } from '../graph/simulated-sign-in.ts';
import { anAccount, aQueue } from './builders.ts';
import type { TestStack } from './stack.ts';

/** The keys with which the processes of a stack encrypt. */
export function keysOf({ environment }: Pick<TestStack, 'environment'>): KeyRing {
  const [id, key] = (environment.ENCRYPTION_KEYS ?? '').split(':') as [string, string];
  return createKeyRing([{ id, key: createSecretKey(Buffer.from(key, 'base64')) }]);
}

/**
 * Connects mailboxes without the API, which takes sixty sign-ins a minute from one address: tokens and rows are the same,
 * and the first look wakes the workflow. Their ids, in the same order.
 */
export async function connectMany(stack: TestStack, addresses: readonly string[]): Promise<readonly string[]> {
  const keys = keysOf(stack);
  const cloud = microsoftCloud('simulator', stack.simulatorUrl);
  const defaultQueueId = await aQueue(stack.db);
  return await pMap(
    addresses,
    async (address) => {
      const { redeem } = await comeBack(cloud, address, { mode: 'auto' });
      const { tokenCache } = await createSignIn(cloud).redeem(redeem);
      const id = await anAccount(stack.db, { address, defaultQueueId });
      await putTokenCache(stack.db, keys, id, tokenCache);
      await stack.db.insertInto('watches').values({ accountId: id, dueAt: new Date() }).execute();
      return id;
    },
    { concurrency: 8 },
  );
}
