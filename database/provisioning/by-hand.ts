import { sql, type Transaction } from 'kysely';
import type { Schema } from '../schema.ts';

/**
 * What administrators cannot do to a person of the identity provider: change what comes from there, let in whom it has
 * deactivated, remove whom it would send again.
 */
export type RefusedByHand = 'from-provider' | 'inactive-at-provider' | 'kept-at-provider';

interface ChangeByHand {
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/**
 * Whether administrators may change this of a user, and notes what they decide: either side shuts a person out, both
 * have to let in. A person whom the provider deleted belongs to Mailroom again once an administrator takes them over.
 */
export async function changeByHand(
  trx: Transaction<Schema>,
  id: string,
  { email, displayName, enabled }: ChangeByHand,
): Promise<RefusedByHand | undefined> {
  const user = await trx
    .selectFrom('users')
    .select(['email', 'displayName'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const provided = user && (await findProvided(trx, id));
  if (!provided) return undefined;
  const isOther =
    (email !== undefined && email !== user.email) || (displayName !== undefined && displayName !== user.displayName);
  if (provided.deletedAt) {
    if (isOther || enabled) await trx.deleteFrom('provisionedPeople').where('userId', '=', id).execute();
    return undefined;
  }
  if (isOther) return 'from-provider';
  if (enabled && !provided.active) return 'inactive-at-provider';
  if (enabled !== undefined) {
    await trx
      .updateTable('provisionedPeople')
      .set({ disabledByHand: !enabled, updatedAt: sql`now()` })
      .where('userId', '=', id)
      .execute();
  }
  return undefined;
}

/** Whether administrators may remove a user. */
export async function removeByHand(trx: Transaction<Schema>, id: string): Promise<RefusedByHand | undefined> {
  const provided = await findProvided(trx, id);
  return provided?.active ? 'kept-at-provider' : undefined;
}

async function findProvided(trx: Transaction<Schema>, id: string) {
  return await trx
    .selectFrom('provisionedPeople')
    .select(['active', 'deletedAt'])
    .where('userId', '=', id)
    .forUpdate()
    .executeTakeFirst();
}
