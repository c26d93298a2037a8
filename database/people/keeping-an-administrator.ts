import type { Transaction } from 'kysely';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

/** The last enabled administrator, or the last one who has ever signed in, cannot be removed or demoted. */
export type LastOne = 'last-administrator' | 'last-signed-in-administrator';

class LastAdministrator extends Error {
  readonly outcome: LastOne;

  constructor(outcome: LastOne) {
    super(outcome);
    this.outcome = outcome;
  }
}

/**
 * Runs a change that must leave an enabled administrator, and one who has signed in before if there was one: that the
 * others can sign in is unproven. Otherwise rolls it back. Locks all administrators first, always in the same order:
 * when two demote each other, the second finds the first gone.
 */
export async function keepingAnAdministrator<Outcome>(
  db: Database,
  change: (trx: Transaction<Schema>) => Promise<Outcome>,
): Promise<Outcome | LastOne> {
  const administrators = (trx: Transaction<Schema>) =>
    trx
      .selectFrom('users')
      .select(['id', 'subject'])
      .where('profile', '=', 'Admin')
      .where('enabled', '=', true)
      .orderBy('id');
  const signedIn = (found: readonly { readonly subject: string | null }[]) =>
    found.some(({ subject }) => subject !== null);
  try {
    return await db.transaction().execute(async (trx) => {
      const before = await administrators(trx).forUpdate().execute();
      const outcome = await change(trx);
      const after = await administrators(trx).execute();
      if (before.length > 0 && after.length === 0) throw new LastAdministrator('last-administrator');
      if (signedIn(before) && !signedIn(after)) throw new LastAdministrator('last-signed-in-administrator');
      return outcome;
    });
  } catch (error) {
    if (error instanceof LastAdministrator) return error.outcome;
    throw error;
  }
}
