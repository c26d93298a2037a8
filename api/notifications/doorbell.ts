import type { Database } from '../../database/database.ts';
import { ringWatches } from '../../database/ingest/watches.ts';

export interface Doorbell {
  /** Resolves when the bells are stored: from then on no crash loses them. Throws when PostgreSQL does not take them. */
  ring(accountIds: readonly string[]): Promise<void>;
  /** Waits for the bells that are being stored. */
  close(): Promise<void>;
}

/**
 * Stores doorbells: their accounts are due, and their readers poll (decisions 9 and 36). Bells that arrive while others are
 * being stored wait for the next statement, together.
 */
export function createDoorbell(db: Database): Doorbell {
  let gathering: { readonly ids: Set<string>; readonly stored: Promise<void> } | undefined;
  let lastStored: Promise<void> = Promise.resolve();

  function gather(): { readonly ids: Set<string>; readonly stored: Promise<void> } {
    const ids = new Set<string>();
    const stored = lastStored
      .catch(() => {}) // whoever waited for those bells was told
      .then(async () => {
        gathering = undefined;
        await ringWatches(db, [...ids]);
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
    },
  };
}
