import type { DatabaseSync } from 'node:sqlite';
import type { Notification } from './notification.ts';

/** A notification in delivery. */
export interface Item extends Notification {
  /** Failed attempts. */
  readonly failures: number;
  /** Milliseconds since 1970 of the first failure; 0 before. */
  readonly failedAt: number;
  /** Its row, after the first failure. */
  readonly row: number | undefined;
}

/** Notifications that failed at least once; they survive a restart. The first attempt causes no write. */
export interface Undelivered {
  list(): Item[];
  /** Stores items whose attempt failed at `now`; returns them with the failure added. */
  keep(items: readonly Item[], now: number): Item[];
  forget(items: readonly Item[]): void;
}

export function createUndelivered(database: DatabaseSync): Undelivered {
  database.exec(`
    CREATE TABLE IF NOT EXISTS undelivered_notifications (
      id INTEGER PRIMARY KEY,
      failures INTEGER NOT NULL,
      content TEXT NOT NULL
    ) STRICT`);
  const insert = database.prepare('INSERT INTO undelivered_notifications (failures, content) VALUES (?, ?)');
  const count = database.prepare('UPDATE undelivered_notifications SET failures = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM undelivered_notifications WHERE id = ?');

  const keepOne = (item: Item, now: number): Item => {
    const failed = { ...item, failures: item.failures + 1, failedAt: item.failedAt || now };
    if (item.row !== undefined) {
      count.run(failed.failures, item.row);
      return failed;
    }
    const { row, failures, ...content } = failed;
    const { lastInsertRowid } = insert.run(failures, JSON.stringify(content));
    return { ...failed, row: Number(lastInsertRowid) };
  };

  return {
    list: () =>
      database
        .prepare('SELECT id, failures, content FROM undelivered_notifications ORDER BY id')
        .all()
        .map((row) => ({
          ...(JSON.parse(String(row.content)) as Omit<Item, 'row' | 'failures'>),
          failures: Number(row.failures),
          row: Number(row.id),
        })),
    keep: (items, now) => items.map((item) => keepOne(item, now)),
    forget(items) {
      for (const { row } of items) if (row !== undefined) remove.run(row);
    },
  };
}
