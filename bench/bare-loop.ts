import { readFileSync } from 'node:fs';
import pMap from 'p-map';
import pg from 'pg';
import { z } from 'zod';
import { storableText } from '../domain/storable-text.ts';
import { deltaPreferences, MAIL_PREFERENCES } from '../graph/mail/delta-query.ts';
import { htmlText } from '../ingest/message/html-text.ts';

/**
 * The baseline for Mailroom: a program that fetches the same delta pages and inserts the same rows, and has no
 * accounts, rules, crash safety, limits or deduplication. Reads its task from the file named as its argument and prints
 * one line of JSON when it ends.
 */
const Task = z.object({
  simulatorUrl: z.string(),
  databaseUrl: z.string(),
  queueId: z.string(),
  pageSize: z.int(),
  /** As many connections as a worker has. */
  connections: z.int(),
  /**
   * False: inserts only what pages hold, without the list of attachments and the text of HTML bodies, both of which
   * Mailroom stores.
   */
  whole: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), accessToken: z.string(), link: z.string() })),
});
const task = Task.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));

/** As many as Mailroom has in flight for one mailbox. */
const ATTACHMENT_READS = 3;

interface Recipient {
  readonly emailAddress?: { readonly name?: string; readonly address?: string };
}
interface Mail {
  readonly id: string;
  readonly changeKey: string;
  readonly internetMessageId: string;
  readonly conversationId: string;
  readonly subject: string | null;
  readonly from?: Recipient;
  readonly sender?: Recipient;
  readonly toRecipients: unknown;
  readonly ccRecipients: unknown;
  readonly receivedDateTime: string;
  readonly sentDateTime: string;
  readonly body: { readonly contentType: string; readonly content: string };
  readonly internetMessageHeaders: unknown;
  readonly importance: string;
  readonly hasAttachments: boolean;
}
interface Attachment {
  readonly '@odata.type': string;
  readonly id: string;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly size: number;
  readonly isInline: boolean;
  readonly contentId?: string | null;
}
interface Page<Value> {
  readonly value: readonly Value[];
  readonly '@odata.nextLink'?: string;
}

const INSERT_MESSAGES = `
  insert into messages (account_id, graph_id, change_key, internet_message_id, conversation_id, subject, from_name,
    from_address, sender, recipients, received_at, sent_at, body_html, body_text, headers, importance, has_attachments)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::jsonb[], $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::text[], $15::jsonb[],
    $16::text[], $17::boolean[])
  returning id, graph_id, received_at`;
const INSERT_ITEMS = `
  insert into items (message_id, account_id, queue_id, decision, received_at)
  select message_id, $1, $2, $3, received_at from unnest($4::uuid[], $5::timestamptz[]) as mail (message_id, received_at)`;
const INSERT_ATTACHMENTS = `
  insert into attachments (message_id, position, graph_id, kind, name, content_type, size, is_inline, content_id)
  select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
    $8::boolean[], $9::text[])`;

const pool = new pg.Pool({ connectionString: task.databaseUrl, max: task.connections });
let messages = 0;
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
await pMap(task.accounts, copyMailbox, { concurrency: task.connections });
const { user, system } = process.cpuUsage(cpuBefore);
await pool.end();
console.log(
  JSON.stringify({ messages, seconds: (performance.now() - startedAt) / 1_000, cpuSeconds: (user + system) / 1e6 }),
);

async function copyMailbox({ id, accessToken, ...start }: (typeof task.accounts)[number]): Promise<void> {
  let link: string | undefined = start.link;
  while (link !== undefined) {
    const page: Page<Mail> = await get(link, deltaPreferences(task.pageSize), accessToken);
    const attachments = new Map<string, readonly Attachment[]>();
    if (task.whole) {
      const carrying = page.value.filter((mail) => mail.hasAttachments || mail.body.content.includes('cid:'));
      await pMap(carrying, async (mail) => void attachments.set(mail.id, await readAttachments(mail.id, accessToken)), {
        concurrency: ATTACHMENT_READS,
      });
    }
    if (page.value.length > 0) await insert(id, page.value, attachments);
    messages += page.value.length;
    link = page['@odata.nextLink'];
  }
}

async function readAttachments(mailId: string, accessToken: string): Promise<readonly Attachment[]> {
  const select = '$select=id,name,contentType,size,isInline,microsoft.graph.fileAttachment/contentId';
  const url = `${task.simulatorUrl}/v1.0/me/messages/${encodeURIComponent(mailId)}/attachments?${select}`;
  const { value } = await get<Page<Attachment>>(url, MAIL_PREFERENCES, accessToken);
  return value;
}

async function get<Answer>(url: string, prefer: string, accessToken: string): Promise<Answer> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}`, prefer } });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function insert(
  accountId: string,
  mails: readonly Mail[],
  attachmentsOf: ReadonlyMap<string, readonly Attachment[]>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(INSERT_MESSAGES, [accountId, ...messageColumns(mails)]);
    const idOf = new Map(rows.map(({ id, graph_id }) => [graph_id, id]));
    await client.query(INSERT_ITEMS, [
      accountId,
      task.queueId,
      JSON.stringify({ by: 'default', queueId: task.queueId, because: 'no-rules', version: 1 }),
      rows.map(({ id }) => id),
      rows.map(({ received_at }) => received_at),
    ]);
    const attachments = [...attachmentsOf].flatMap(([mail, some]) =>
      some.map((attachment, position) => ({ attachment, position, messageId: idOf.get(mail) })),
    );
    if (attachments.length > 0) await client.query(INSERT_ATTACHMENTS, attachmentColumns(attachments));
    await client.query('commit');
  } finally {
    client.release();
  }
}

function messageColumns(mails: readonly Mail[]): unknown[][] {
  const isHtml = ({ body }: Mail) => body.contentType === 'html';
  const textOf = ({ body }: Mail) => (task.whole ? htmlText(body.content, 1_000_000).text : '');
  return [
    mails.map((mail) => mail.id),
    mails.map((mail) => mail.changeKey),
    mails.map((mail) => text(mail.internetMessageId)),
    mails.map((mail) => mail.conversationId),
    mails.map((mail) => text(mail.subject) ?? ''),
    mails.map((mail) => text(mail.from?.emailAddress?.name)),
    mails.map((mail) => text(mail.from?.emailAddress?.address)),
    mails.map((mail) => json(mail.sender?.emailAddress)),
    mails.map((mail) => json({ to: mail.toRecipients, cc: mail.ccRecipients })),
    mails.map((mail) => mail.receivedDateTime),
    mails.map((mail) => mail.sentDateTime),
    mails.map((mail) => (isHtml(mail) ? text(mail.body.content) : null)),
    mails.map((mail) => storableText(isHtml(mail) ? textOf(mail) : mail.body.content)),
    mails.map((mail) => json(mail.internetMessageHeaders)),
    mails.map((mail) => mail.importance),
    mails.map((mail) => mail.hasAttachments),
  ];
}

function attachmentColumns(attachments: readonly { attachment: Attachment; position: number; messageId: unknown }[]) {
  return [
    attachments.map(({ messageId }) => messageId),
    attachments.map(({ position }) => position),
    attachments.map(({ attachment }) => attachment.id),
    attachments.map(({ attachment }) => /(\w+)Attachment$/.exec(attachment['@odata.type'])?.[1]),
    attachments.map(({ attachment }) => text(attachment.name) ?? ''),
    attachments.map(({ attachment }) => text(attachment.contentType)),
    attachments.map(({ attachment }) => attachment.size),
    attachments.map(({ attachment }) => attachment.isInline),
    attachments.map(({ attachment }) => text(attachment.contentId)),
  ];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? storableText(value) : null;
}

function json(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storableText(inner) : inner));
}
