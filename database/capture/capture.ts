import { sql, type Transaction } from 'kysely';
import { createRouter } from '../../domain/routing.ts';
import type { Database } from '../database.ts';
import { type Difference, recordDifferences } from '../ingest/differences.ts';
import { takeMailboxTurn } from '../mailbox-turn.ts';
import { isDefaultQueueRemoved, routingOf } from '../queues/routing-rules.ts';
import type { Schema } from '../schema.ts';
import { insertMessages, type NewMessage } from './message-insertion.ts';
import { parkMessages, type RejectedMessage } from './quarantine.ts';
import { apartFromRepeats, findSameMail, linkCopies, type MailboxOfAccount } from './same-mail.ts';

/** Messages that were read and are ready to be written. */
export interface Page {
  readonly accountId: string;
  readonly folder: string;
  /**
   * `walk`: a delta page. `list`: a list of the inbox. `comparison`: a reconciliation found them missing; they are
   * recorded as differences. `retry`: a person asked for another try, so they are captured however old they are.
   */
  readonly origin: 'walk' | 'list' | 'comparison' | 'retry';
  /** Undefined when the messages do not come from the walk: then the cursor stays. */
  readonly step: CursorStep | undefined;
  readonly messages: readonly NewMessage[];
  readonly rejected: readonly RejectedMessage[];
}

/** How far a page moves the cursor. */
export interface CursorStep {
  /** The cursor's version when the page was read: the fence. */
  readonly version: number;
  /** Where the next page begins. */
  readonly link: string;
  /** The walk reached the end of the folder. */
  readonly complete: boolean;
  /** All entries of the page, including removals. */
  readonly entries: number;
}

export type PageOutcome =
  | {
      readonly written: true;
      readonly captured: number;
      readonly known: number;
      readonly skipped: number;
      readonly quarantined: number;
    }
  | { readonly written: false; readonly because: 'not-enabled' | 'fenced' };

/**
 * Writes a page: messages, their items, attachments' metadata, quarantine and the new cursor, in ONE transaction.
 *
 * - The cursor's version is the fence: of two that read the same page one writes, the other gets `fenced`.
 * - The account is read under a share lock: a toggle or a saved rule waits for the transaction or is seen by it, so it
 *   applies from the moment it is saved.
 * - Unique keys (account, message) and (message, item) make repeating a page harmless.
 * - A mail returned before under another id is linked to its message and not queued again (decision 32).
 * - A message that PostgreSQL refuses is quarantined, and the others are written.
 */
export async function capturePage(db: Database, page: Page): Promise<PageOutcome> {
  try {
    return await db.transaction().execute((trx) => writePage(trx, page, 'together'));
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    return await db.transaction().execute((trx) => writePage(trx, page, 'one by one'));
  }
}

async function writePage(
  trx: Transaction<Schema>,
  page: Page,
  manner: 'together' | 'one by one',
): Promise<PageOutcome> {
  const { accountId, folder, messages } = page;
  const account = await lockAccount(trx, page);
  if (!account) return { written: false, because: 'not-enabled' };
  if (account.isFenced) return { written: false, because: 'fenced' };

  const since = page.origin === 'retry' ? 0 : (account.captureFrom?.getTime() ?? 0);
  const due = messages.filter(({ receivedAt }) => receivedAt.getTime() >= since);
  const router = createRouter(await routingOf(trx, accountId, account));
  const insert = (some: readonly NewMessage[]) => insertMessages(trx, accountId, some, router);
  const copies = new Set<string>();
  /** Writes new messages, and links those that the mailbox returned before under another id. */
  const write = async (some: readonly NewMessage[]) => {
    const same = await findSameMail(trx, account, some);
    await linkCopies(trx, accountId, same);
    for (const graphId of same.keys()) copies.add(graphId);
    const fresh = some.filter(({ graphId }) => !same.has(graphId));
    if (manner === 'together') return { captured: await insert(fresh), refused: [] };
    return await writeOneByOne(trx, fresh, insert);
  };
  // A page may hold one mail under two ids: the second is looked up after the first is written.
  const { distinct, repeated } = apartFromRepeats(due);
  const written = [await write(distinct), await write(repeated)];
  const captured = written.reduce((sum, part) => sum + part.captured, 0);
  const refused = written.flatMap((part) => part.refused);

  const rejected = [...page.rejected, ...refused];
  await parkMessages(trx, accountId, folder, rejected, account.captureFrom);
  if (page.origin === 'comparison') {
    const repaired = due.filter(({ graphId }) => !copies.has(graphId));
    await recordDifferences(trx, accountId, differencesOf(repaired, rejected));
  }
  return {
    written: true,
    captured,
    known: due.length - refused.length - captured,
    skipped: messages.length - due.length,
    quarantined: rejected.length,
  };
}

function differencesOf(
  due: readonly NewMessage[],
  rejected: readonly RejectedMessage[],
): ReadonlyMap<string, Difference> {
  return new Map<string, Difference>([
    ...due.map(({ graphId, receivedAt }) => [graphId, { outcome: 'captured', receivedAt }] as const),
    ...rejected.map(({ graphId }) => [graphId, { outcome: 'quarantined' }] as const),
  ]);
}

interface LockedAccount extends MailboxOfAccount {
  readonly captureFrom: Date | null;
  readonly defaultQueueId: string | null;
  readonly isDefaultQueueRemoved: boolean;
  readonly routingVersion: number;
  /** Another process has moved the cursor. */
  readonly isFenced: boolean;
}

/**
 * The account, locked until the transaction ends, and the cursor moved, in one statement. Two accounts that read one
 * mailbox, or two drains after a lost lease, take turns, so that the second sees a mail that both bring.
 */
async function lockAccount(
  trx: Transaction<Schema>,
  { accountId, folder, step }: Page,
): Promise<LockedAccount | undefined> {
  const moved =
    step &&
    sql`, moved as (
    update cursors set
      link = ${step.link}, version = version + 1, updated_at = now(),
      walked = case when complete then walked else walked + ${step.entries} end,
      complete = complete or ${step.complete}
    where account_id = ${accountId} and folder = ${folder} and version = ${step.version}
      and exists (select from account)
    returning 1
  )`;
  const { rows } = await sql<LockedAccount>`
    with account as (
      select id as account_id, capture_from, default_queue_id, ${isDefaultQueueRemoved} as is_default_queue_removed,
        routing_version, address, sign_in_as, inbox_id, identity_tenant_id, identity_object_id,
        ${takeMailboxTurn} as turn
      from accounts
      where id = ${accountId} and enabled and sign_in = 'done' and removed_at is null
      for share
    )${moved ?? sql``}
    select account.*, ${moved ? sql`not exists (select from moved)` : sql`false`} as is_fenced from account
  `.execute(trx);
  return rows[0];
}

async function writeOneByOne(
  trx: Transaction<Schema>,
  messages: readonly NewMessage[],
  write: (some: readonly NewMessage[]) => Promise<number>,
): Promise<{ captured: number; refused: RejectedMessage[] }> {
  let captured = 0;
  const refused: RejectedMessage[] = [];
  for (const message of messages) {
    await sql`savepoint one_message`.execute(trx);
    try {
      captured += await write([message]);
      await sql`release savepoint one_message`.execute(trx);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      await sql`rollback to savepoint one_message`.execute(trx);
      const { graphId, subject, from, receivedAt, bodyText: text } = message;
      const preview = { subject, from, receivedAt: receivedAt.toISOString(), text };
      refused.push({ graphId, reason: 'not-storable', code: sqlState(error), preview });
    }
  }
  return { captured, refused };
}

/** Class 22 is a data exception, 23 a broken constraint, 54 a limit of PostgreSQL: the message is at fault. */
function isRefusedData(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlState(error) ?? '');
}

function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
