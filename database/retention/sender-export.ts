import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { Mailbox, Recipients } from '../schema.ts';
import { isSentBy } from './sent-by.ts';

/** A mail of the sender, with what belongs to it: one line of the export. */
export interface ExportedMail {
  readonly messageId: string;
  readonly internetMessageId: string | null;
  readonly mailbox: string;
  readonly subject: string;
  readonly from: Mailbox;
  readonly recipients: Recipients;
  readonly receivedAt: Date;
  readonly sentAt: Date | null;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly {
    readonly name: string;
    readonly contentType: string | null;
    readonly size: number;
  }[];
  readonly state: string;
  readonly queue: string | null;
  readonly tags: readonly string[];
  readonly outcome: string | null;
  readonly completedAt: Date | null;
  readonly answers: readonly {
    readonly subject: string;
    readonly recipients: unknown;
    readonly format: string;
    readonly body: string;
    readonly state: string;
    readonly sentAt: string | null;
  }[];
  readonly notes: readonly { readonly text: string; readonly at: string }[];
}

/** Mails of one statement: bodies of a megabyte each stay within memory. */
const MAILS_AT_ONCE = 20;

/** All mail of a sender, the oldest first, a few at a time. `address`: folded. */
export async function* exportMailOf(db: Database, address: string): AsyncGenerator<ExportedMail> {
  let after: { readonly receivedAt: Date; readonly messageId: string } | undefined;
  for (;;) {
    const mails = await readSome(db, address, after);
    yield* mails;
    after = mails.at(-1);
    if (mails.length < MAILS_AT_ONCE) return;
  }
}

async function readSome(
  db: Database,
  address: string,
  after: { readonly receivedAt: Date; readonly messageId: string } | undefined,
): Promise<readonly ExportedMail[]> {
  const rows = await db
    .selectFrom('messages')
    .innerJoin('items', 'items.messageId', 'messages.id')
    .innerJoin('accounts', 'accounts.id', 'messages.accountId')
    .leftJoin('queues', 'queues.id', 'items.queueId')
    .where(isSentBy(address))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(messages.received_at, messages.id) > (${after?.receivedAt.toISOString()}::timestamptz, ${after?.messageId}::uuid)`,
      ),
    )
    .select([
      'messages.id as messageId',
      'internetMessageId',
      'accounts.address as mailbox',
      'subject',
      'fromName',
      'fromAddress',
      'recipients',
      'messages.receivedAt',
      'sentAt',
      'bodyText as text',
      'bodyHtml as html',
      'items.state',
      'queues.name as queue',
      'items.tags',
      'outcome',
      'completedAt',
      sql<ExportedMail['attachments']>`(
        select coalesce(json_agg(json_build_object(
          'name', name, 'contentType', content_type, 'size', size
        ) order by position), '[]')
        from attachments where message_id = messages.id
      )`.as('attachments'),
      sql<ExportedMail['answers']>`(
        select coalesce(json_agg(json_build_object(
          'subject', subject, 'recipients', recipients, 'format', format, 'body', body, 'state', state,
          'sentAt', case when state = 'sent' then ended_at end
        ) order by answers.created_at, answers.id), '[]')
        from answers where item_id = items.id
      )`.as('answers'),
      sql<ExportedMail['notes']>`(
        select coalesce(json_agg(json_build_object('text', text, 'at', at) order by item_notes.id), '[]')
        from item_notes where item_id = items.id
      )`.as('notes'),
    ])
    .orderBy('messages.receivedAt')
    .orderBy('messages.id')
    .limit(MAILS_AT_ONCE)
    .execute();
  return rows.map(({ fromName, fromAddress, ...row }) => ({
    ...row,
    from: { ...(fromName !== null && { name: fromName }), ...(fromAddress !== null && { address: fromAddress }) },
  }));
}
