import { findInLedger } from '../../database/capture/known-messages.ts';
import type { Database } from '../../database/database.ts';
import type { InboxRange, ListedMessage, UnlistedMessage } from '../../graph/mail/inbox-list.ts';
import type { MailboxClient } from '../../graph/mail/mailbox-client.ts';

/** A mailbox whose inbox is listed and checked against the ledger. */
export interface ListedInbox {
  readonly db: Database;
  readonly accountId: string;
  readonly mailbox: Pick<MailboxClient, 'listInbox'>;
  /** Mail received earlier is not captured; null: all mail is. */
  readonly captureFrom: Date | null;
  readonly signal: AbortSignal;
  /** Called before each request, with the number of messages listed so far. */
  readonly beforeRequest?: (listed: number) => Promise<void>;
}

/** The result of one list request, checked against the ledger. */
export interface InboxListing {
  /** Mail and messages that could not be listed; without drafts and mail received earlier. */
  readonly listed: number;
  /** Neither captured nor in quarantine. */
  readonly missing: readonly ListedMessage[];
  /** Cannot be listed, and not in quarantine yet. */
  readonly unlisted: readonly UnlistedMessage[];
  /** Ids in quarantine. */
  readonly parked: readonly string[];
  readonly drafts: readonly string[];
  /** The time up to which mail is listed; undefined: there was none. */
  readonly until: Date | undefined;
  /** False at the end of the range. */
  readonly hasMore: boolean;
}

/** A list without messages received too early to be captured: its mail, and its drafts. */
export function apartFromDrafts(listed: readonly ListedMessage[], captureFrom: Date | null) {
  const recent = listed.filter(({ receivedAt }) => !(captureFrom && receivedAt < captureFrom));
  const { mail = [], drafts = [] } = Object.groupBy(recent, ({ isDraft }) => (isDraft ? 'drafts' : 'mail'));
  return { mail, drafts: drafts.map(({ id }) => id) };
}

/** Those of the listed messages that are neither captured nor in quarantine. */
export async function findMissing<Listed extends { readonly id: string }>(
  { db, accountId }: Pick<ListedInbox, 'db' | 'accountId'>,
  listed: readonly Listed[],
): Promise<readonly Listed[]> {
  const inLedger = await findInLedger(
    db,
    accountId,
    listed.map(({ id }) => id),
  );
  return listed.filter(({ id }) => !inLedger.has(id));
}

/** Lists the inbox, oldest first, against the ledger: the one loop for all readers of lists. */
export async function* listInbox(
  { db, accountId, mailbox, captureFrom, signal, beforeRequest }: ListedInbox,
  { from, before }: InboxRange,
): AsyncGenerator<InboxListing, void, void> {
  let soFar = 0;
  for (let next: Date | undefined = from; next; ) {
    await beforeRequest?.(soFar);
    const slice: Awaited<ReturnType<MailboxClient['listInbox']>> = await mailbox.listInbox(
      before ? { from: next, before } : { from: next },
      signal,
    );
    const { mail, drafts } = apartFromDrafts(slice.messages, captureFrom);
    const inLedger = await findInLedger(
      db,
      accountId,
      [...mail, ...slice.unlisted].map(({ id }) => id),
    );
    next = slice.next;
    soFar += mail.length + slice.unlisted.length;
    yield {
      listed: mail.length + slice.unlisted.length,
      missing: mail.filter(({ id }) => !inLedger.has(id)),
      unlisted: slice.unlisted.filter(({ id }) => !inLedger.has(id)),
      parked: [...inLedger].flatMap(([id, isCaptured]) => (isCaptured ? [] : [id])),
      drafts,
      until: slice.next ?? slice.messages.at(-1)?.receivedAt,
      hasMore: slice.next !== undefined,
    };
  }
}
