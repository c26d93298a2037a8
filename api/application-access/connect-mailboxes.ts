import pLimit from 'p-limit';
import { addApplicationAccount } from '../../database/accounts/account-access.ts';
import { findAccountByAddress } from '../../database/accounts/account-reads.ts';
import { findAllowedAddresses } from '../../database/accounts/allowed-addresses.ts';
import { violatedConstraint } from '../../database/database-failure.ts';
import { isAllowed } from '../../domain/allowed-addresses.ts';
import { isFailure } from '../../domain/failure.ts';
import { trimInvisible } from '../../domain/words/invisible-text.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { EmailAddress } from '../http/values.ts';

/** What became of one line. */
export const connectOutcomes = [
  'connected',
  'connected-before',
  'no-address',
  'repeated',
  'not-allowed',
  'canary',
] as const;
export type ConnectOutcome = (typeof connectOutcomes)[number];

export interface ConnectedLine {
  /** As it was given, without white space around it. */
  readonly text: string;
  readonly outcome: ConnectOutcome;
  /** Null: the line names no account. */
  readonly accountId: string | null;
}

export interface MailboxesToConnect {
  readonly addresses: readonly string[];
  readonly defaultQueueId: string | undefined;
  readonly backfillDays: number;
  /** Mailboxes that the application must not be able to read. */
  readonly canaries: readonly string[];
}

/** Requests to Temporal at a time. */
const STARTED_AT_ONCE = 10;

/**
 * Adds an account for each address, each for itself: what is wrong with one line stops no other, and a repetition finds
 * connected what was connected before. Undefined when the queue does not exist. A workflow that cannot be started now is
 * started by the workers' guardian within minutes.
 */
export async function connectMailboxes(
  { db, mailboxes }: Pick<ApiDependencies, 'db' | 'mailboxes'>,
  actor: string,
  { addresses, defaultQueueId, backfillDays, canaries }: MailboxesToConnect,
): Promise<readonly ConnectedLine[] | undefined> {
  const allowed = await findAllowedAddresses(db);
  const seen = new Set<string>();
  const limit = pLimit(STARTED_AT_ONCE);
  const starts: Promise<void>[] = [];
  const lines: ConnectedLine[] = [];

  async function connect(address: string): Promise<Omit<ConnectedLine, 'text'> | undefined> {
    if (seen.has(address)) return { outcome: 'repeated', accountId: null };
    seen.add(address);
    const known = await findAccountByAddress(db, address);
    if (known) return { outcome: 'connected-before', accountId: known.id };
    if (canaries.includes(address)) return { outcome: 'canary', accountId: null };
    if (!isAllowed(address, allowed)) return { outcome: 'not-allowed', accountId: null };
    try {
      const id = await addApplicationAccount(db, actor, { address, defaultQueueId, backfillDays });
      if (id === undefined) return undefined;
      starts.push(limit(() => start({ id, address })));
      return { outcome: 'connected', accountId: id };
    } catch (error) {
      // Another request was faster.
      if (violatedConstraint(error) !== 'accounts_address') throw error;
      return { outcome: 'connected-before', accountId: (await findAccountByAddress(db, address))?.id ?? null };
    }
  }

  async function start(account: { readonly id: string; readonly address: string }): Promise<void> {
    try {
      await mailboxes.start(account);
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }

  for (const given of addresses) {
    const text = trimInvisible(given);
    const parsed = EmailAddress.safeParse(text);
    const line = parsed.success ? await connect(parsed.data) : ({ outcome: 'no-address', accountId: null } as const);
    if (line === undefined) return undefined;
    lines.push({ text, ...line });
  }
  await Promise.all(starts);
  return lines;
}
