import { sql } from 'kysely';
import { type AttachmentTraits, isSameMail, type MailTraits, mailKey } from '../../domain/same-mail.ts';
import { storableText } from '../../domain/storable-text.ts';
import { arrayParameter } from '../array-parameter.ts';
import type { Queryable } from '../database.ts';
import type { NewMessage } from './message-insertion.ts';

/** Identifies accounts that read, or once read, the same mailbox. */
export interface MailboxOfAccount {
  readonly accountId: string;
  readonly address: string;
  /** Who signs in to a shared mailbox. */
  readonly signInAs: string | null;
  readonly inboxId: string | null;
  readonly identityTenantId: string | null;
  readonly identityObjectId: string | null;
}

/** The message as which a mail was captured before; null: its content was deleted since. */
export type OriginalOfMail = string | null;

/** A message captured before that may be the same mail as `graphId`. */
type Candidate = { readonly graphId: string } & (
  | (MailTraits & { readonly messageId: string })
  // Its content was deleted; the ledger kept these fingerprints.
  | ({ readonly messageId: null } & Fingerprints)
);

interface Fingerprints {
  readonly fingerprint: Buffer;
  readonly attachmentsFingerprint: Buffer | null;
}

/**
 * Which of these messages are mails that were captured from this mailbox before, under another id or by another
 * account: a map from their ids to the captured messages. Leaves out those that the account has under the same id.
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

/** Messages of the same mailbox with the same Message-ID and second of receipt, those with content first. */
async function findCandidates(
  db: Queryable,
  { accountId, address, signInAs, inboxId, identityTenantId, identityObjectId }: MailboxOfAccount,
  named: readonly NewMessage[],
): Promise<readonly Candidate[]> {
  const isOwn = signInAs === null && identityObjectId !== null;
  // From messages to accounts: few mails have a known Message-ID, and accounts are many. `offset 0` keeps the look-ups by
  // index, whatever the planner believed of tables that were empty when it planned the statement.
  const graphIds = named.map(({ graphId }) => graphId);
  const { rows } = await sql<Candidate>`
    with incoming as (
      select graph_id, internet_message_id, hashtextextended(internet_message_id, 0) as hash,
        date_trunc('second', received_at) as second
      from unnest(
        ${arrayParameter(graphIds, 'text')},
        ${named.map(({ internetMessageId }) => storableText(internetMessageId ?? ''))}::text[],
        ${named.map(({ receivedAt }) => receivedAt)}::timestamptz[]
      ) as incoming (graph_id, internet_message_id, received_at)
    ), candidates as (
      select incoming.graph_id, original.account_id, original.id as message_id,
        null::bytea as fingerprint, null::bytea as attachments_fingerprint
      from incoming cross join lateral (
        select id, account_id from messages
        where hashtextextended(messages.internet_message_id, 0) = incoming.hash
          and messages.internet_message_id = incoming.internet_message_id
          and date_trunc('second', messages.received_at) = incoming.second
        offset 0
      ) as original
      union all
      select incoming.graph_id, deleted.account_id, null, deleted.fingerprint, deleted.attachments_fingerprint
      from incoming cross join lateral (
        select account_id, fingerprint, attachments_fingerprint from captured
        where captured.message_id_hash = incoming.hash and date_trunc('second', captured.received_at) = incoming.second
        offset 0
      ) as deleted
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
 * Like `isSameMail`, by the fingerprints kept when the content was deleted. PostgreSQL computes both fingerprints,
 * because its definition of white space may differ from ours. Rare enough for a query of its own.
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

/** Splits the messages of a page into distinct mails and repeats of them under other ids. */
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

/** Records the other ids of captured mails, so that these ids are known, and releases them from quarantine. */
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

/** As stored, so that characters that PostgreSQL refuses are no difference. */
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
