import type { Database } from '../../database/database.ts';
import { noteNotifications } from '../../database/ingest/watches.ts';

export interface NotificationStore {
  /** Resolves when they are stored: no crash loses them after that. Throws when PostgreSQL refuses them. */
  add(accountIds: readonly string[]): Promise<void>;
  /** Waits for those that are being stored. */
  close(): Promise<void>;
}

/**
 * Stores notifications: their accounts become due, and their readers poll (decisions 9 and 36). Notifications that
 * arrive during a write are batched into the next statement.
 */
export function createNotificationStore(db: Database): NotificationStore {
  let gathering: { readonly ids: Set<string>; readonly stored: Promise<void> } | undefined;
  let lastStored: Promise<void> = Promise.resolve();

  function gather(): { readonly ids: Set<string>; readonly stored: Promise<void> } {
    const ids = new Set<string>();
    const stored = lastStored
      .catch(() => {}) // rejected for the requests that waited for it
      .then(async () => {
        gathering = undefined;
        await noteNotifications(db, [...ids]);
      });
    lastStored = stored;
    return { ids, stored };
  }

  return {
    async add(accountIds) {
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
