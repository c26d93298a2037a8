import { type AllowedAddresses, isAllowed } from '../../domain/allowed-addresses.ts';
import type { Database, Queryable } from '../database.ts';
import { recordEvent } from './events.ts';

/** Which mailboxes may be connected; empty: all. */
export async function findAllowedAddresses(db: Queryable): Promise<AllowedAddresses> {
  const row = await db.selectFrom('settings').select('allowedAddresses').executeTakeFirst();
  return row?.allowedAddresses ?? [];
}

/** Limits which mailboxes may be connected from now on. False while the global properties are missing. */
export async function changeAllowedAddresses(db: Database, actor: string, allowed: AllowedAddresses): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const settings = await trx.selectFrom('settings').select('allowedAddresses').forUpdate().executeTakeFirst();
    if (!settings) return false;
    const before = settings.allowedAddresses;
    if (JSON.stringify(before) === JSON.stringify(allowed)) return true;
    await trx
      .updateTable('settings')
      .set({ allowedAddresses: [...allowed] })
      .execute();
    // Addresses are personal: the event counts them.
    const details = { before: before.length, after: allowed.length };
    await recordEvent(trx, { actor, name: 'settings.allowed-addresses-changed', details });
    return true;
  });
}

/** Accounts that were connected before a limit that excludes them, by address. They go on. */
export async function listAccountsOutside(
  db: Queryable,
  allowed: AllowedAddresses,
): Promise<readonly { readonly id: string; readonly address: string }[]> {
  if (allowed.length === 0) return [];
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'address'])
    .where('removedAt', 'is', null)
    .orderBy('address')
    .execute();
  return accounts.filter(({ address }) => !isAllowed(address, allowed));
}
