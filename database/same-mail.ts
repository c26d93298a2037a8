import { sql } from 'kysely';
import { type AttachmentTraits, isSameMail, type MailTraits, mailKey } from '../domain/same-mail.ts';
import { storableText } from '../domain/storable-text.ts';
import type { Queryable } from './database.ts';
import type { NewMessage } from './message-insertion.ts';

/** What tells which accounts read, or read once, the same mailbox. */
export interface MailboxOfAccount {
  readonly accountId: string;
  readonly address: string;
  /** Who signs in, where the mailbox is shared. */
  readonly signInAs: string | null;
  readonly inboxId: string | null;
  readonly identityTenantId: string | null;
  readonly identityObjectId: string | null;
}

interface Candidate extends MailTraits {
  /** The id under which the mail came now, and the message as which it was captured. */
  readonly graphId: string;
  readonly messageId: string;
}

/**
 * Which of these messages are mails that were captured from this mailbox before, under another id or by another account:
 * from their ids to the messages as which they were captured. Those that the account has under the same id are left out.
 */
export async function findSameMail(
  db: Queryable,
  mailbox: MailboxOfAccount,
  messages: readonly NewMessage[],
): Promise<ReadonlyMap<string, string>> {
  const named = messages.filter(({ internetMessageId }) => internetMessageId !== undefined);
  if (named.length === 0) return new Map();
  const { accountId, address, signInAs, inboxId, identityTenantId, identityObjectId } = mailbox;
  const isOwn = signInAs === null && identityObjectId !== null;
  // From the messages to their accounts: few mails have a Message-ID that is there already, and accounts are many.
  const { rows } = await sql<Candidate>`
    select incoming.graph_id, original.id as message_id, original.subject, original.from_address as "from",
      coalesce(original.body_html, original.body_text) as content, original.has_attachments,
      (
        select coalesce(json_agg(json_build_object('name', name, 'size', size)), '[]')
        from attachments where attachments.message_id = original.id
      ) as attachments
    from unnest(
      ${named.map(({ graphId }) => graphId)}::text[],
      ${named.map(({ internetMessageId }) => storableText(internetMessageId ?? ''))}::text[],
      ${named.map(({ receivedAt }) => receivedAt)}::timestamptz[]
    ) as incoming (graph_id, internet_message_id, received_at)
      join messages original
        on hashtextextended(original.internet_message_id, 0) = hashtextextended(incoming.internet_message_id, 0)
        and original.internet_message_id = incoming.internet_message_id
        and date_trunc('second', original.received_at) = date_trunc('second', incoming.received_at)
      join accounts on accounts.id = original.account_id
    where (
        accounts.id = ${accountId} or accounts.address = ${address} or accounts.inbox_id = ${inboxId}::text
        or ${isOwn}::boolean and accounts.sign_in_as is null
          and accounts.identity_tenant_id = ${identityTenantId}::text
          and accounts.identity_object_id = ${identityObjectId}::text
      )
      and not exists (
        select from messages own where own.account_id = ${accountId} and own.graph_id = incoming.graph_id
      )
    order by original.id
  `.execute(db);
  const incoming = new Map(named.map((message) => [message.graphId, message]));
  const same = new Map<string, string>();
  for (const candidate of rows) {
    const message = incoming.get(candidate.graphId);
    if (!message || same.has(candidate.graphId)) continue;
    if (isSameMail(traitsOf(message), { ...candidate, from: candidate.from ?? undefined })) {
      same.set(candidate.graphId, candidate.messageId);
    }
  }
  return same;
}

/** Messages of one page, each mail once, and those that repeat one of them under another id. */
export function apartFromRepeats(messages: readonly NewMessage[]): {
  readonly distinct: readonly NewMessage[];
  readonly repeated: readonly NewMessage[];
} {
  const repeated = new Set<NewMessage>();
  for (const [internetMessageId, group] of Map.groupBy(messages, (message) => message.internetMessageId)) {
    if (internetMessageId === undefined || group.length === 1) continue;
    const seen = new Set<string>();
    for (const message of group) {
      const key = `${Math.floor(message.receivedAt.getTime() / 1_000)} ${mailKey(traitsOf(message))}`;
      if (seen.has(key)) repeated.add(message);
      seen.add(key);
    }
  }
  return { distinct: messages.filter((message) => !repeated.has(message)), repeated: [...repeated] };
}

/** Remembers under which other ids mails of the ledger came, so that these are known, and lets them out of the quarantine. */
export async function linkCopies(db: Queryable, accountId: string, same: ReadonlyMap<string, string>): Promise<void> {
  if (same.size === 0) return;
  const graphIds = [...same.keys()];
  await sql`
    with released as (
      update quarantine set state = 'resolved', preview = null, last_at = now()
      where account_id = ${accountId} and graph_id = any(${graphIds}) and state <> 'resolved'
    )
    insert into copies (account_id, graph_id, message_id)
    select ${accountId}, * from unnest(${graphIds}::text[], ${[...same.values()]}::uuid[])
    on conflict do nothing
  `.execute(db);
}

/** As it is stored, so that what PostgreSQL does not take is no difference. */
function traitsOf(message: NewMessage): MailTraits {
  const { subject, from, bodyHtml, bodyText, unreadAttachments } = message;
  const attachments = unreadAttachments ? [] : message.attachments;
  return {
    subject: storableText(subject),
    from: from?.address === undefined ? undefined : storableText(from.address),
    content: storableText(bodyHtml ?? bodyText),
    hasAttachments: message.hasAttachments || unreadAttachments !== undefined,
    attachments: attachments.map(({ name, size }): AttachmentTraits => ({ name: storableText(name), size })),
  };
}
