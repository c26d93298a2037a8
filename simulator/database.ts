import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the simulator's SQLite file, or `:memory:` for tests. It holds everything that survives a restart (users, apps,
 * grants, mailboxes, change logs, signing keys), so that a product that was ended in the middle of its work finds the
 * same mailboxes again.
 */
export function openSimulatorDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  // WAL with NORMAL survives `kill -9` of the process; only a power cut could lose the last commits, which is
  // acceptable here.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  return database;
}
