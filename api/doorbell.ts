import pLimit from 'p-limit';
import { ringWatches } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import type { MailboxRef } from '../temporal/mailboxes.ts';
import type { ApiDependencies } from './dependencies.ts';

export interface Doorbell {
  /** Resolves when the bells are stored: from then on no crash loses them. Throws when PostgreSQL does not take them. */
  ring(accountIds: readonly string[]): Promise<void>;
  /** Waits for the signals that are under way. */
  close(): Promise<void>;
}

/** Signals under way at a time: enough for thousands a second, too few to drown Temporal in a burst. */
const CONCURRENT_SIGNALS = 64;

/**
 * Stores doorbells, and rings the workflows of their accounts afterwards (decision 9). Bells that arrive while others are
 * being stored wait for the next statement, together; an account whose workflow is being signalled gets at most one
 * more signal. A signal that fails is no loss: the watch is due, so a watcher looks.
 */
export function createDoorbell({
  db,
  mailboxes,
  logger,
}: Pick<ApiDependencies, 'db' | 'mailboxes' | 'logger'>): Doorbell {
  const limit = pLimit(CONCURRENT_SIGNALS);
  const signalling = new Map<string, { again: boolean }>();
  let gathering: { readonly ids: Set<string>; readonly stored: Promise<void> } | undefined;
  let lastStored: Promise<void> = Promise.resolve();

  function gather(): { readonly ids: Set<string>; readonly stored: Promise<void> } {
    const ids = new Set<string>();
    const stored = lastStored
      .catch(() => {}) // whoever waited for those bells was told
      .then(async () => {
        gathering = undefined;
        for (const account of await ringWatches(db, [...ids])) signal(account);
      });
    lastStored = stored;
    return { ids, stored };
  }

  function signal(account: MailboxRef): void {
    const underWay = signalling.get(account.id);
    if (underWay) {
      underWay.again = true;
      return;
    }
    const state = { again: false };
    signalling.set(account.id, state);
    void limit(() => mailboxes.ring(account))
      .catch((error: unknown) => {
        const reason = isFailure(error) ? error.reason : 'unexpected';
        logger.warn({ accountId: account.id, reason }, 'doorbell.could-not-signal');
      })
      .finally(() => {
        signalling.delete(account.id);
        if (state.again) signal(account);
      });
  }

  return {
    async ring(accountIds) {
      if (accountIds.length === 0) return;
      gathering ??= gather();
      for (const id of accountIds) gathering.ids.add(id);
      await gathering.stored;
    },
    async close() {
      await lastStored.catch(() => {});
      limit.clearQueue();
    },
  };
}
