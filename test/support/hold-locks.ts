import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Schema } from '../../database/schema.ts';

/** Holds what `lock` locks until the returned function is called. */
export async function holdLocks(
  db: Database,
  lock: (trx: Transaction<Schema>) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const [isLocked, isOver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = db.transaction().execute(async (trx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
    await lock(trx);
    isLocked.resolve();
    await isOver.promise;
  });
  await isLocked.promise;
  return async () => {
    isOver.resolve();
    await held;
  };
}
