import { sql } from 'kysely';
import { type AttachmentTraits, isSameMail, type MailTraits, mailKey } from '../../domain/same-mail.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { Queryable } from '../database.ts';
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

/** The message as which a mail was captured before; null: its content was deleted since. */
export type OriginalOfMail = string | null;

/** What was captured before, and perhaps is the mail that comes under `graphId` now. */
type Candidate = { readonly graphId: string } & (
  | (MailTraits & { readonly messageId: string })
  // Its content was deleted: this is what the ledger kept of it.
  | ({ readonly messageId: null } & Fingerprints)
);

interface Fingerprints {
  readonly fingerprint: Buffer;
  readonly attachmentsFingerprint: Buffer | null;
}

/**
 * Which of these messages are mails that were captured from this mailbox before, under another id or by another account:
 * from their ids to the messages as which they were captured. Those that the account has under the same id are left out.
 */
export async function findSameMail(
  db: Queryable,
  mailbox: MailboxOfAccount,
  messages: readonly NewMessage[],
): Promise<ReadonlyMap<string, OriginalOfMail>> {
  const incoming = new Map(
    messages
      .filter(({ internetMessageId }) => internetMessageId !== undefined)
      .map((message) => [message.graphId, message]),
  );
  if (incoming.size === 0) return new Map();
  const same = new Map<string, OriginalOfMail>();
  for (const candidate of await findCandidates(db, mailbox, [...incoming.values()])) {
    const message = incoming.get(candidate.graphId);
    if (!message || same.has(candidate.graphId)) continue;
    const isSame =
      candidate.messageId === null
        ? await hasFingerprints(db, traitsOf(message), candidate)
        : isSameMail(traitsOf(message), { ...candidate, from: candidate.from ?? undefined });
    if (isSame) same.set(candidate.graphId, candidate.messageId);
  }
  return same;
}

/** What came from the mailbox before with the same Message-ID in the same second, those with their content first. */
async function findCandidates(
  db: Queryable,
  { accountId, address, signInAs, inboxId, identityTenantId, identityObjectId }: MailboxOfAccount,
  named: readonly NewMessage[],
): Promise<readonly Candidate[]> {
  const isOwn = signInAs === null && identityObjectId !== null;
  // From the messages to their accounts: few mails have a Message-ID that is there already, and accounts are many.
  const { rows } = await sql<Candidate>`
    with incoming as (
      select * from unnest(
        ${named.map(({ graphId }) => graphId)}::text[],
        ${named.map(({ internetMessageId }) => storableText(internetMessageId ?? ''))}::text[],
        ${named.map(({ receivedAt }) => receivedAt)}::timestamptz[]
      ) as incoming (graph_id, internet_message_id, received_at)
    ), candidates as (
      select incoming.graph_id, original.account_id, original.id as message_id,
        null::bytea as fingerprint, null::bytea as attachments_fingerprint
      from incoming join messages original
        on hashtextextended(original.internet_message_id, 0) = hashtextextended(incoming.internet_message_id, 0)
        and original.internet_message_id = incoming.internet_message_id
        and date_trunc('second', original.received_at) = date_trunc('second', incoming.received_at)
      union all
      select incoming.graph_id, deleted.account_id, null, deleted.fingerprint, deleted.attachments_fingerprint
      from incoming join captured deleted
        on deleted.message_id_hash = hashtextextended(incoming.internet_message_id, 0)
        and date_trunc('second', deleted.received_at) = date_trunc('second', incoming.received_at)
    )
    select candidates.graph_id, candidates.message_id, fingerprint, attachments_fingerprint,
      original.subject, original.from_address as "from", coalesce(original.body_html, original.body_text) as content,
      original.has_attachments,
      (
        select coalesce(json_agg(json_build_object('name', name, 'size', size)), '[]')
        from attachments where attachments.message_id = original.id
      ) as attachments
    from candidates
      join accounts on accounts.id = candidates.account_id
      left join messages original on original.id = candidates.message_id
    where (
        accounts.id = ${accountId} or accounts.address = ${address} or accounts.inbox_id = ${inboxId}::text
        or ${isOwn}::boolean and accounts.sign_in_as is null
          and accounts.identity_tenant_id = ${identityTenantId}::text
          and accounts.identity_object_id = ${identityObjectId}::text
      )
      and not exists (
        select from captured own where own.account_id = ${accountId} and own.graph_id = candidates.graph_id
      )
    order by candidates.message_id nulls last
  `.execute(db);
  return rows;
}

/**
 * As `isSameMail`, by what was kept when the content was deleted. PostgreSQL computes both fingerprints: what counts as
 * white space there need not do so here. Rare enough for a query of its own.
 */
async function hasFingerprints(
  db: Queryable,
  { from, subject, content, hasAttachments, attachments }: MailTraits,
  { fingerprint, attachmentsFingerprint }: Fingerprints,
): Promise<boolean> {
  const { rows } = await sql<{ isSame: boolean | null }>`
    select mail_fingerprint(${from ?? null}, ${subject}, ${content}) = ${fingerprint}::bytea
      and coalesce(
        attachments_fingerprint(${hasAttachments}, ${JSON.stringify(attachments)}::jsonb)
          = ${attachmentsFingerprint}::bytea,
        true
      ) as is_same
  `.execute(db);
  return rows[0]?.isSame ?? false;
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
export async function linkCopies(
  db: Queryable,
  accountId: string,
  same: ReadonlyMap<string, OriginalOfMail>,
): Promise<void> {
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
