import type { FastifyRequest } from 'fastify';
import pMap from 'p-map';
import type { RemovalReceipt } from '../../contract/mailbox.ts';
import { type AccountRemoval, findRemoval } from '../../database/accounts/account-commands.ts';
import { findAccountRef } from '../../database/accounts/account-reads.ts';
import { markRemoving } from '../../database/accounts/account-removal.ts';
import { isFailure } from '../../domain/failure.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { acceptCommandOf, giveCommand } from './accept-command.ts';
import { noSuchAccount } from './account-commands.ts';

/** Enough to remove hundreds within seconds, few enough to leave workers free for other accounts. */
const CONCURRENCY = 10;

interface Removed {
  readonly ref: MailboxRef;
  readonly receipt: RemovalReceipt;
}

export type RemovalResult =
  | { readonly id: string; readonly address: string; readonly receipt: RemovalReceipt }
  | { readonly id: string; readonly error: unknown };

/**
 * Removes an account; until that is done, it is shown as being removed. A repetition of the request gets the first
 * receipt; any other request for a removed account is a 404.
 */
export async function removeAccount(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  accountId: string,
  requestId?: string,
): Promise<Removed> {
  const { db, mailboxes } = dependencies;
  const ref = await findAccountRef(db, accountId);
  if (!ref || (ref.removed && requestId === undefined)) throw noSuchAccount();
  const { record, attempts, ...command } = await acceptCommandOf(dependencies, request, {
    accountId,
    name: 'remove',
    requestId,
  });
  const removal = record && (await findRemoval(db, command.id));
  if (removal) return { ref, receipt: receiptOf(removal) };
  if (ref.removed) throw noSuchAccount();
  await markRemoving(db, ref.id, true);
  try {
    const receipt = await giveCommand(
      () => mailboxes.remove(ref, command, { attempt: attempts }),
      async () => {
        const removal = await findRemoval(db, command.id);
        return removal && receiptOf(removal);
      },
    );
    return { ref, receipt };
  } catch (error) {
    await markRemoving(db, ref.id, false);
    throw error;
  }
}

function receiptOf({ removedAt, ...receipt }: AccountRemoval): RemovalReceipt {
  return { ...receipt, removedAt: removedAt.getTime() };
}

/**
 * Removes accounts independently of each other. Stops trying while Temporal or every worker is away: each attempt would
 * wait for its deadline.
 */
export async function removeAccounts(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  { ids, requestId }: { readonly ids: readonly string[]; readonly requestId?: string | undefined },
): Promise<RemovalResult[]> {
  let outage: unknown;
  return await pMap(
    new Set(ids),
    async (id) => {
      if (outage !== undefined) return { id, error: outage };
      try {
        const { ref, receipt } = await removeAccount(dependencies, request, id, requestId);
        return { id, address: ref.address, receipt };
      } catch (error) {
        if (isFailure(error, 'Unavailable')) outage = error;
        return { id, error };
      }
    },
    { concurrency: CONCURRENCY },
  );
}
