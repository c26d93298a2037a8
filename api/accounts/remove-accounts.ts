import type { FastifyRequest } from 'fastify';
import pMap from 'p-map';
import type { RemovalReceipt } from '../../contract/mailbox.ts';
import { type AccountRemoval, findRemoval } from '../../database/accounts/account-commands.ts';
import { findAccountRef } from '../../database/accounts/account-reads.ts';
import { markRemoving } from '../../database/accounts/account-removal.ts';
import { holdsMailOf, requestErasure } from '../../database/retention/erasures.ts';
import { isFailure } from '../../domain/failure.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import { principalOf, requirePermission } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import { acceptCommandOf, giveCommand } from './accept-command.ts';
import { noSuchAccount } from './account-commands.ts';

/** Enough to remove hundreds within seconds, few enough to leave workers free for other accounts. */
const CONCURRENCY = 10;

export interface Removed {
  readonly ref: MailboxRef;
  readonly receipt: RemovalReceipt;
  /** Of its mail; null: it is kept. */
  readonly erasureId: string | null;
}

interface Removing {
  readonly requestId?: string | undefined;
  readonly mail: 'keep' | 'erase';
}

export type RemovalResult =
  | ({ readonly id: string; readonly address: string } & Pick<Removed, 'receipt' | 'erasureId'>)
  | { readonly id: string; readonly error: unknown };

/**
 * Removes an account, and has its mail erased if asked to: safe to repeat. Mail that a hold keeps is no reason to go on
 * reading the mailbox, so the removal is refused only where erasing would be.
 */
export async function removeAccount(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  accountId: string,
  { requestId, mail }: Removing,
): Promise<Removed> {
  const { db } = dependencies;
  const principal = principalOf(request);
  if (mail === 'erase') {
    requirePermission(principal, 'retention.change');
    if (await holdsMailOf(db, accountId)) throw mailHeld();
  }
  const removed = await endAccount(dependencies, request, accountId, requestId);
  if (mail === 'keep') return { ...removed, erasureId: null };
  const reason = 'The account was removed.';
  const erasure = await requestErasure(db, principal.actor, { scope: 'account', accountId, reason });
  // A hold that was placed in between; the account is removed, its mail kept.
  if (typeof erasure === 'string') throw mailHeld();
  return { ...removed, erasureId: erasure.id };
}

/**
 * Removes an account; until that is done, it is shown as being removed. A repetition of the request gets the first
 * receipt; any other request for a removed account is a 404.
 */
async function endAccount(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  accountId: string,
  requestId?: string,
): Promise<Omit<Removed, 'erasureId'>> {
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

function mailHeld(): Problem {
  const detail =
    'A hold keeps mail of the account, so it cannot be erased. Remove the account and keep its mail, or lift the hold.';
  return new Problem('mail-held', detail);
}

/**
 * Removes accounts independently of each other. Stops trying while Temporal or every worker is away: each attempt would
 * wait for its deadline.
 */
export async function removeAccounts(
  dependencies: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  request: FastifyRequest,
  { ids, ...how }: { readonly ids: readonly string[] } & Removing,
): Promise<RemovalResult[]> {
  let outage: unknown;
  return await pMap(
    new Set(ids),
    async (id) => {
      if (outage !== undefined) return { id, error: outage };
      try {
        const { ref, ...removed } = await removeAccount(dependencies, request, id, how);
        return { id, address: ref.address, ...removed };
      } catch (error) {
        if (isFailure(error, 'Unavailable')) outage = error;
        return { id, error };
      }
    },
    { concurrency: CONCURRENCY },
  );
}
