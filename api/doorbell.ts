import { ringWatches } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import { createRinging } from '../temporal/ringing.ts';
import type { ApiDependencies } from './dependencies.ts';

export interface Doorbell {
  /** Resolves when the bells are stored: from then on no crash loses them. Throws when PostgreSQL does not take them. */
  ring(accountIds: readonly string[]): Promise<void>;
  /** Waits for the signals that are under way. */
  close(): Promise<void>;
}

/**
 * Stores doorbells, and rings the workflows of their accounts afterwards (decision 9). Bells that arrive while others are
 * being stored wait for the next statement, together. A signal that fails is no loss: the watch is due, so a watcher
 * looks.
 */
export function createDoorbell({
  db,
  mailboxes,
  logger,
}: Pick<ApiDependencies, 'db' | 'mailboxes' | 'logger'>): Doorbell {
  const ringing = createRinging(mailboxes, (error, accountId) => {
    const reason = isFailure(error) ? error.reason : 'unexpected';
    logger.warn({ accountId, reason }, 'doorbell.could-not-signal');
  });
  let gathering: { readonly ids: Set<string>; readonly stored: Promise<void> } | undefined;
  let lastStored: Promise<void> = Promise.resolve();

  function gather(): { readonly ids: Set<string>; readonly stored: Promise<void> } {
    const ids = new Set<string>();
    const stored = lastStored
      .catch(() => {}) // whoever waited for those bells was told
      .then(async () => {
        gathering = undefined;
        for (const account of await ringWatches(db, [...ids])) ringing.ring(account);
      });
    lastStored = stored;
    return { ids, stored };
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
      await ringing.close();
    },
  };
}
