import { sql } from 'kysely';
import type { AccountColumns } from '../../domain/account-columns.ts';
import type { Queryable } from '../database.ts';

/** Trouble that ends within this time need not be shown; new trouble is shown within two minutes. */
const TROUBLE_SHOWN_AFTER_SECONDS = 60;
/** Updating the number with each mail would cost more than the mail. */
const TODAY_SHOWN_EVERY_MINUTES = 10;

/** Reads the account's columns for Temporal's list, and records them as shown. */
export async function showColumns(db: Queryable, accountId: string): Promise<AccountColumns> {
  const { rows } = await sql<AccountColumns>`
    with account as (
      select id, case when sign_in_as is null then 'own' else 'shared' end as mailbox, condition_type as trouble, (
        select count(*) from items where items.account_id = accounts.id
          and items.queued_at >= date_trunc('day', now(), 'UTC')
      )::integer as today
      from accounts where id = ${accountId}
    ), shown as (
      insert into shown_columns (account_id, today, trouble) select id, today, trouble from account
      on conflict (account_id) do update set today = excluded.today, trouble = excluded.trouble, shown_at = now()
    )
    select mailbox, today, trouble from account`.execute(db);
  return rows[0] ?? { mailbox: 'own', today: 0, trouble: null };
}

/**
 * Accounts whose shown columns are outdated, those shown longest ago first. Each is returned once: its workflow then
 * updates the columns. Disabled accounts are left out until they are enabled, and keep showing their last day.
 */
export async function takeOutdatedColumns(
  db: Queryable,
  limit: number,
): Promise<readonly { readonly id: string; readonly address: string }[]> {
  const { rows } = await sql<{ id: string; address: string }>`
    update shown_columns set shown_at = now()
    from (
      select accounts.id, accounts.address from shown_columns join accounts on accounts.id = shown_columns.account_id
      where accounts.removed_at is null and accounts.enabled and accounts.sign_in = 'done' and (
        (
          accounts.condition_type is distinct from shown_columns.trouble
          and shown_at < now() - ${TROUBLE_SHOWN_AFTER_SECONDS} * interval '1 second'
        )
        or (today > 0 and shown_at < date_trunc('day', now(), 'UTC'))
        or (
          shown_at < now() - ${TODAY_SHOWN_EVERY_MINUTES} * interval '1 minute'
          and exists (select from items where items.account_id = accounts.id and items.queued_at > shown_at)
        )
      )
      order by shown_at limit ${limit} for update of shown_columns skip locked
    ) as outdated
    where shown_columns.account_id = outdated.id
    returning outdated.id, outdated.address`.execute(db);
  return rows;
}
