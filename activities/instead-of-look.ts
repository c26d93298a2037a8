import { setTimeout as sleep } from 'node:timers/promises';
import { giveLookBack, takeLook } from '../database/looks.ts';
import type { Dependencies } from './dependencies.ts';

/** Looks take some tenths of a second. */
const ASK_AGAIN_EVERY_MS = 200;

/**
 * Asks a mailbox something for a command, in the place of a look: a drain has three of the four requests that Microsoft
 * allows at a time, so whoever else asks does so one after another. `ask` may take as long as a look may, and sends one
 * request at a time.
 */
export async function insteadOfLook<Answer>(
  { db }: Pick<Dependencies, 'db'>,
  { accountId, signal }: { readonly accountId: string; readonly signal: AbortSignal },
  ask: () => Promise<Answer>,
): Promise<Answer> {
  while (!(await takeLook(db, accountId))) {
    await sleep(ASK_AGAIN_EVERY_MS);
    signal.throwIfAborted();
  }
  try {
    return await ask();
  } finally {
    await giveLookBack(db, accountId);
  }
}
