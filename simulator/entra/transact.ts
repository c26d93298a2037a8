import type { DatabaseSync } from 'node:sqlite';

/** One transaction, also inside another one; whatever `work` throws undoes all of it. */
export function transact(database: DatabaseSync, work: () => void): void {
  database.exec('SAVEPOINT entra');
  try {
    work();
    database.exec('RELEASE entra');
  } catch (error) {
    database.exec('ROLLBACK TO entra; RELEASE entra');
    throw error;
  }
}
