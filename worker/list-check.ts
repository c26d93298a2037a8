import { findMissing, mailOf } from '../activities/capture-listed.ts';
import type { Database } from '../database/database.ts';
import type { InboxRange } from '../graph/inbox-list.ts';
import type { MailboxClient } from '../graph/mailbox-client.ts';

interface ListedMailbox {
  readonly db: Database;
  readonly accountId: string;
  readonly mailbox: MailboxClient;
  readonly captureFrom: Date | undefined;
  readonly signal: AbortSignal;
}

/** The first messages of this time that are in the inbox and not in the ledger. Empty when all of them are. */
export async function listMissing(
  { db, accountId, mailbox, captureFrom, signal }: ListedMailbox,
  { from, before }: InboxRange,
): Promise<readonly { readonly id: string }[]> {
  for (let next: Date | undefined = from; next; ) {
    const slice: Awaited<ReturnType<MailboxClient['listInbox']>> = await mailbox.listInbox(
      { from: next, before },
      signal,
    );
    const listed = [...mailOf(slice.messages, captureFrom), ...slice.unlisted];
    const missing = await findMissing({ db, accountId }, listed);
    if (missing.length > 0) return missing;
    next = slice.next;
  }
  return [];
}
