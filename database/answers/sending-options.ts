import { sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { SendingReason } from '../../domain/answer.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

/** Whether mail may be sent from an account, and what is missing. */
export interface SendingOption {
  /** The installation allows sending. */
  readonly isInstalled: boolean;
  /** The account allows it. */
  readonly isEnabled: boolean;
  /** The account's sign-in allows it. */
  readonly isGranted: boolean;
  /** Why nothing can be sent now; undefined: it can. */
  readonly hindrance: SendingReason | undefined;
}

/** Undefined when there is no such account. */
export async function findSendingOption(db: Queryable, accountId: string): Promise<SendingOption | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['sendingEnabled', 'sendingGranted', 'access', 'enabled', 'signIn', 'removedAt'])
    .select(sql<boolean>`coalesce((select settings.sending_enabled from settings), false)`.as('isInstalled'))
    .where('id', '=', accountId)
    .executeTakeFirst();
  if (!row) return undefined;
  const { isInstalled, sendingEnabled: isEnabled } = row;
  return { isInstalled, isEnabled, isGranted: isGranted(row), hindrance: hindranceOf(row) };
}

interface SendingFacts {
  readonly isInstalled: boolean;
  readonly sendingEnabled: boolean;
  readonly sendingGranted: boolean;
  readonly access: AccountAccess;
  readonly enabled: boolean;
  readonly signIn: string;
  readonly removedAt: Date | null;
}

/** Why an account cannot send now, the most lasting reason first. */
export function hindranceOf(facts: SendingFacts): SendingReason | undefined {
  if (facts.removedAt !== null) return 'account-removed';
  if (!facts.isInstalled || !facts.sendingEnabled) return 'sending-not-enabled';
  if (facts.signIn !== 'done') return 'sign-in-needed';
  if (!isGranted(facts)) return 'consent-needed';
  return facts.enabled ? undefined : 'account-disabled';
}

/** Whether the application may send from a mailbox is known to Exchange alone: the first answer shows it. */
function isGranted({ access, sendingGranted }: Pick<SendingFacts, 'access' | 'sendingGranted'>): boolean {
  return access === 'application' || sendingGranted;
}

/** Allows or forbids sending from an account. False when there is no such account. */
export async function changeSending(
  db: Database,
  actor: string,
  accountId: string,
  enabled: boolean,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('accounts')
      .select('sendingEnabled')
      .where('id', '=', accountId)
      .where('removedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (!account) return false;
    if (account.sendingEnabled === enabled) return true;
    await trx
      .updateTable('accounts')
      .set({ sendingEnabled: enabled, updatedAt: sql`now()` })
      .where('id', '=', accountId)
      .execute();
    await recordEvent(trx, { actor, name: 'account.sending-changed', accountId, details: { enabled } });
    return true;
  });
}

/** False while the global properties are missing. */
export async function isSendingInstalled(db: Queryable): Promise<boolean> {
  const row = await db.selectFrom('settings').select('sendingEnabled').executeTakeFirst();
  return row?.sendingEnabled ?? false;
}

/** Allows or forbids sending for the installation. False while the global properties are missing. */
export async function changeInstalledSending(db: Database, actor: string, enabled: boolean): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const settings = await trx.selectFrom('settings').select('sendingEnabled').forUpdate().executeTakeFirst();
    if (!settings) return false;
    if (settings.sendingEnabled === enabled) return true;
    await trx.updateTable('settings').set({ sendingEnabled: enabled }).execute();
    await recordEvent(trx, { actor, name: 'settings.sending-changed', details: { enabled } });
    return true;
  });
}
