import { sql } from 'kysely';
import { FOLDING, searchText } from '../../domain/search/search-text.ts';
import type { Queryable } from '../database.ts';
import type { Mailbox, Recipients } from '../schema.ts';
import { searchLanguage } from './search-language.ts';

/** What is searched of a message. */
export interface SearchSource {
  readonly messageId: string;
  readonly receivedAt: Date;
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly recipients: Recipients;
  readonly hasAttachments: boolean;
  readonly fileNames: readonly string[];
  /** Of the item. */
  readonly notes: readonly string[];
  readonly bodyText: string;
}

/** About 8,000 words: what comes after that is quoted history, and a tsvector holds one megabyte at most. */
const MOST_BODY_CHARACTERS = 50_000;
const MOST_LINE_CHARACTERS = 2_000;
/** Of 500 recipients the first: a search for one of a crowd finds the crowd. */
const MOST_RECIPIENTS = 100;

/**
 * Writes the documents of messages, in the place of earlier ones. Everything is indexed by the stems of the message's
 * language; subject, names and addresses also as they are written, because the language of a name is not that of its mail.
 */
export async function writeDocuments(db: Queryable, sources: readonly SearchSource[]): Promise<void> {
  if (sources.length === 0) return;
  const rows = sources.map((source) => ({
    ...source,
    language: searchLanguage(`${source.subject}. ${source.bodyText}`),
    subject: searchText(source.subject, MOST_LINE_CHARACTERS),
    sender: searchText(`${source.fromName ?? ''} ${source.fromAddress ?? ''}`, MOST_LINE_CHARACTERS),
    others: searchText(
      [...recipientsOf(source.recipients), ...source.fileNames, ...source.notes].join(' '),
      MOST_BODY_CHARACTERS,
    ),
    text: searchText(source.bodyText, MOST_BODY_CHARACTERS),
  }));
  const of = <Value>(value: (row: (typeof rows)[number]) => Value) => rows.map(value);
  const languages = [...new Set(of(({ language }) => language))];
  await sql`
    with languages as (
      insert into search_languages select unnest(${languages}::text[]) on conflict do nothing
    )
    insert into search_documents (message_id, received_at, has_attachments, language, folding, document)
    select message_id, received_at, has_attachments, language, ${FOLDING}::smallint,
      setweight(to_tsvector(language::regconfig, subject), 'A')
      || setweight(to_tsvector(language::regconfig, sender), 'B')
      || setweight(to_tsvector(language::regconfig, others), 'C')
      || setweight(to_tsvector(language::regconfig, content), 'D')
      || case when language = 'simple' then '' else
        setweight(to_tsvector('simple', subject), 'A')
        || setweight(to_tsvector('simple', sender), 'B')
        || setweight(to_tsvector('simple', others), 'C')
      end
    from unnest(
      ${of(({ messageId }) => messageId)}::uuid[], ${of(({ receivedAt }) => receivedAt)}::timestamptz[],
      ${of(({ hasAttachments }) => hasAttachments)}::boolean[],
      ${of(({ language }) => language)}::text[], ${of(({ subject }) => subject)}::text[],
      ${of(({ sender }) => sender)}::text[], ${of(({ others }) => others)}::text[], ${of(({ text }) => text)}::text[]
    ) as source (message_id, received_at, has_attachments, language, subject, sender, others, content)
    on conflict (message_id) do update
      set language = excluded.language, folding = excluded.folding, document = excluded.document
  `.execute(db);
}

function recipientsOf({ to, cc, bcc }: Partial<Recipients>): readonly string[] {
  return [...(to ?? []), ...(cc ?? []), ...(bcc ?? [])].slice(0, MOST_RECIPIENTS).map(nameAndAddress);
}

function nameAndAddress({ name, address }: Mailbox): string {
  return `${name ?? ''} ${address ?? ''}`;
}
