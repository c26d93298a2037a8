import type { DatabaseSync } from 'node:sqlite';

/** One transaction, also inside another one; whatever `work` throws undoes all of it. */
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
