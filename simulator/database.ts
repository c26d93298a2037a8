import { DatabaseSync } from 'node:sqlite';

/**
 * Opens the simulator's own SQLite file, or `:memory:` for tests. Everything that the simulator must remember over a
 * restart (users, apps, grants, mailboxes, change logs, signing keys) lives here, so that a product which was ended
 * in the middle of its work meets the same mailboxes again.
 */
export function openSimulatorDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  // WAL with NORMAL survives `kill -9` of the process; only a power cut could lose the last commits of a simulator.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  return database;
}
