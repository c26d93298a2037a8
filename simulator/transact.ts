import type { DatabaseSync } from 'node:sqlite';

/** Runs one transaction, possibly nested in another one; any error of `work` rolls it back. */
export function transact<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('SAVEPOINT simulated');
  try {
    const result = work();
    database.exec('RELEASE simulated');
    return result;
  } catch (error) {
    database.exec('ROLLBACK TO simulated; RELEASE simulated');
    throw error;
  }
}
