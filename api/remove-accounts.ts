import pMap from 'p-map';
import { markRemoving } from '../database/account-life.ts';
import { isFailure } from '../domain/failure.ts';
import type { MailboxRef } from '../temporal/mailboxes.ts';
import type { RemovalReceipt } from '../workflows/contract.ts';
import { getAccountRef } from './account-commands.ts';
import type { ApiDependencies } from './dependencies.ts';

/** Enough to remove hundreds within seconds, few enough to leave the worker to others. */
const CONCURRENCY = 10;

export type RemovalResult =
  | { readonly id: string; readonly address: string; readonly receipt: RemovalReceipt }
  | { readonly id: string; readonly error: unknown };

/** Removes an account; until that is done, everybody sees that it is being removed. */
export async function removeAccount(
  { db, mailboxes }: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  actor: string,
  ref: MailboxRef,
): Promise<RemovalReceipt> {
  await markRemoving(db, ref.id, true);
  try {
    return await mailboxes.remove(ref, { actor });
  } catch (error) {
    await markRemoving(db, ref.id, false);
    throw error;
  }
}

/**
 * Removes accounts, each for itself: what becomes of one changes nothing for the others. While Temporal or every worker
 * is away, the rest is not even tried: each attempt would wait for its deadline.
 */
export async function removeAccounts(
  dependencies: ApiDependencies,
  actor: string,
  ids: readonly string[],
): Promise<RemovalResult[]> {
  let outage: unknown;
  return await pMap(
    new Set(ids),
    async (id) => {
      if (outage !== undefined) return { id, error: outage };
      try {
        const ref = await getAccountRef(dependencies, id);
        return { id, address: ref.address, receipt: await removeAccount(dependencies, actor, ref) };
      } catch (error) {
        if (isFailure(error, 'Unavailable')) outage = error;
        return { id, error };
      }
    },
    { concurrency: CONCURRENCY },
  );
}
