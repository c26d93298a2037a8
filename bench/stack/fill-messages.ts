import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { Schema } from '../../database/schema.ts';
import { writeDocuments } from '../../database/search/write-documents.ts';
import { madeUpMail, RARE_WORDS, rareWord } from '../made-up-mail.ts';

export interface FillOptions {
  readonly messages: number;
  /** When this time is over, it ends with fewer messages: the oldest are missing. */
  readonly withinMs: number;
}

export interface Filled {
  readonly messages: number;
  /** From the largest to the smallest. */
  readonly queueIds: readonly string[];
  readonly accountIds: readonly string[];
  /** As `claimed_by` has them. */
  readonly agents: readonly string[];
  /** Open items in the first queue. */
  readonly open: number;
}

const QUEUES = 20;
const ACCOUNTS = 300;
const AGENTS = 50;
/** Different texts; what makes each mail unlike all others is added in SQL. */
const TEXTS = 4_000;
const TEXTS_OF_A_STATEMENT = 500;
const MESSAGES_OF_A_STATEMENT = 20_000;
/** A year of mail. */
const SPAN_SECONDS = 365 * 86_400;
/** Of all mails, the newest of its queue: open ones of the largest queue, and of the others together. */
const OPEN_IN_LARGEST_QUEUE = 0.1;
const OPEN_ELSEWHERE = 0.02;
/** A queue's share of the mail is that of a number below 1 whose square falls to it: the first gets 22 %. */
const SHARE_OF_LARGEST_QUEUE = Math.sqrt(1 / QUEUES);

/**
 * Fills an empty database with the mail of a year: messages, items, attachments, answers and documents for search,
 * from the newest to the oldest. Documents of the texts are Mailroom's own; for each mail, PostgreSQL
 * adds the words that are its own. Indexes are made at the end, which takes a quarter of the time.
 */
export async function fillMessages(db: Database, { messages, withinMs }: FillOptions): Promise<Filled> {
  const endsAt = performance.now() + withinMs;
  const queueIds = await addQueues(db);
  const accountIds = await addAccounts(db, queueIds);
  const agents = Array.from({ length: AGENTS }, () => `user:${randomUUID()}`);
  await writeTexts(db);
  const restoreIndexes = await dropIndexes(db);
  let added = 0;
  while (added < messages && performance.now() < endsAt) {
    const count = Math.min(MESSAGES_OF_A_STATEMENT, messages - added);
    await withoutTriggers(db, (trx) =>
      addMessages(trx, {
        from: added,
        to: added + count,
        messages,
        queueIds,
        accountIds,
        agents,
      }),
    );
    added += count;
  }
  await restoreIndexes();
  await sql`drop table bench_texts, bench_words`.execute(db);
  for (const table of tables) await withoutLimit(db, sql`vacuum (analyze) ${sql.table(table)}`);
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from items where queue_id = ${queueIds[0]} and state <> 'completed'
  `.execute(db);
  return { messages: added, queueIds, accountIds, agents, open: rows[0]?.open ?? 0 };
}

const tables = ['messages', 'items', 'attachments', 'search_documents', 'answers'] as const;

async function addQueues(db: Database): Promise<readonly string[]> {
  const names = Array.from({ length: QUEUES }, (_, n) => ({ name: `Desk ${n}` }));
  const rows = await db.insertInto('queues').values(names).returning('id').execute();
  return rows.map(({ id }) => id);
}

async function addAccounts(db: Database, queueIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into accounts (address, default_queue_id, sign_in, authenticated_at, capture_from)
    select 'desk-' || n || '@contoso.example', (${queueIds}::uuid[])[1 + n % ${QUEUES}::int], 'done', now(), now()
    from generate_series(1, ${ACCOUNTS}::int) n returning id
  `.execute(db);
  return rows.map(({ id }) => id);
}

/** Texts with their documents, and the rare words by their rank. */
async function writeTexts(db: Database): Promise<void> {
  const texts = Array.from({ length: TEXTS }, (_, n) => ({ n, id: randomUUID(), ...madeUpMail(n) }));
  for (let n = 0; n < TEXTS; n += TEXTS_OF_A_STATEMENT) {
    const some = texts.slice(n, n + TEXTS_OF_A_STATEMENT);
    await withoutTriggers(db, (trx) =>
      writeDocuments(
        trx,
        some.map(({ id, subject, fromName, bodyText }) => ({
          messageId: id,
          receivedAt: new Date(),
          subject,
          fromName,
          fromAddress: addressOf(fromName, ''),
          recipients: { to: [{ address: 'service@contoso.example' }], cc: [], bcc: [], replyTo: [] },
          hasAttachments: false,
          fileNames: [],
          notes: [],
          bodyText,
        })),
      ),
    );
  }
  const of = <Value>(value: (text: (typeof texts)[number]) => Value) => texts.map(value);
  await sql`
    create table bench_texts as
    select n, subject, from_name, from_address, body_text, language, folding, document from unnest(
      ${of(({ n }) => n)}::int[], ${of(({ id }) => id)}::uuid[], ${of(({ subject }) => subject)}::text[],
      ${of(({ fromName }) => fromName)}::text[], ${of(({ fromName }) => addressOf(fromName, '%s'))}::text[],
      ${of(({ bodyText }) => bodyText)}::text[]
    ) as text (n, message_id, subject, from_name, from_address, body_text)
    join search_documents using (message_id)
  `.execute(db);
  await sql`truncate search_documents`.execute(db);
  const words = Array.from({ length: RARE_WORDS }, (_, n) => rareWord(n));
  await sql`
    create table bench_words as select n::int, word from unnest(${words}::text[]) with ordinality as words (word, n)
  `.execute(db);
  await sql`alter table bench_words add primary key (n)`.execute(db);
  await sql`alter table bench_texts add primary key (n)`.execute(db);
  await sql`analyze bench_texts, bench_words`.execute(db);
}

const addressOf = (name: string, number: string) =>
  `${name.toLowerCase().replace(/[^a-z]+/g, '.')}${number}@example.net`;

interface Share {
  /** Mails by age: 0 is the newest. */
  readonly from: number;
  readonly to: number;
  readonly messages: number;
  readonly queueIds: readonly string[];
  readonly accountIds: readonly string[];
  readonly agents: readonly string[];
}

/** A number from 0 to 1, the same for the same mail and salt. */
const chance = (salt: number) => sql`((hashint8extended(n, ${sql.lit(salt)}) & 1073741823) / 1073741824.0)`;

async function addMessages(trx: Transaction<Schema>, share: Share): Promise<void> {
  const { from, to, messages, queueIds, accountIds, agents } = share;
  const openInLargest = (messages * OPEN_IN_LARGEST_QUEUE) / SHARE_OF_LARGEST_QUEUE;
  const openElsewhere = (messages * OPEN_ELSEWHERE) / (1 - SHARE_OF_LARGEST_QUEUE);
  await sql`
    with chosen as (
      select n::int as age, 'RMA-2026-' || lpad(n::text, 7, '0') as number, n % 5000 as customer,
        now() - n * (${SPAN_SECONDS}::float8 / ${messages}::int) * interval '1 second' as received_at,
        (${accountIds}::uuid[])[1 + (n / 3) % ${ACCOUNTS}::int] as account_id,
        1 + floor(${QUEUES}::int * power(${chance(1)}, 2))::int as queue,
        (hashint8extended(n, 2) & 1073741823) % ${TEXTS}::int as text_n,
        floor(power(${RARE_WORDS}::float8, ${chance(3)}))::int as word_n,
        ${chance(4)} < 0.2 as has_attachments, ${chance(5)} as luck
      from generate_series(${from}::bigint, ${to - 1}::bigint) n
    ), mail as materialized (
      select chosen.*, texts.subject, from_name, format(from_address, customer) as from_address, body_text, language,
        folding, document, word, uuidv7(received_at - now()) as id
      from chosen join bench_texts texts on texts.n = text_n join bench_words words on words.n = word_n
      order by age
    ), messages as (
      insert into messages (id, account_id, graph_id, conversation_id, subject, from_name, from_address, recipients,
        received_at, body_text, importance, has_attachments)
      select id, account_id, age::text, 'conversation ' || age / 3, subject || ' ' || number, from_name, from_address,
        '{"to": [{"address": "service@contoso.example"}]}', received_at,
        body_text || 'Order ' || number || ', ' || word, 'normal', has_attachments
      from mail
    ), items as (
      insert into items (id, message_id, account_id, queue_id, decision, received_at, queued_at, state, completed_at,
        claimed_by, claimed_at, tags, answered_at, answered_by)
      select uuidv7(received_at - now()), id, account_id, (${queueIds}::uuid[])[queue], '{}', received_at, received_at,
        case when is_open then 'waiting' else 'completed' end,
        case when not is_open then received_at + luck * interval '2 hours' end,
        case when not is_open then (${agents}::text[])[1 + age % ${AGENTS}::int] end,
        case when not is_open then received_at + luck * interval '1 hour' end,
        case when luck < 0.02 then array['refund'] when luck > 0.9999 then array['legal'] else '{}' end,
        case when is_answered then received_at + luck * interval '110 minutes' end,
        case when is_answered then (${agents}::text[])[1 + age % ${AGENTS}::int] end
      from mail, lateral (
        select age % 5 < 2 and (age % 50 = 0 or not is_open) as is_answered, is_open from (select age < case when queue = 1 then ${openInLargest}::float8 else ${openElsewhere}::float8 end as is_open) as openness
      ) as work
      returning id, account_id, received_at, answered_at, answered_by
    ), answers as (
      insert into answers (item_id, account_id, kind, state, author, recipients, subject, format, body, includes_quote,
        created_at, send_accepted_at)
      select id, account_id, 'reply', 'sent', answered_by, '{}', '', 'text', '', false, received_at, answered_at
      from items where answered_at is not null
    ), attachments as (
      insert into attachments (message_id, position, graph_id, kind, name, size, is_inline)
      select id, 0, age::text, 'file', 'Rechnung_' || age || '.pdf', 1000, false from mail where has_attachments
    )
    insert into search_documents (message_id, received_at, has_attachments, language, folding, document)
    select id, received_at, has_attachments, language, folding, document
      || setweight(to_tsvector('simple', replace(number, '-', ' ')), 'A')
      || setweight(to_tsvector('simple', customer::text), 'B')
      || setweight(to_tsvector('simple', case when has_attachments then 'rechnung ' || age || ' pdf' else '' end
        || case when luck < 0.001 then ' ruckruf vereinbart' else '' end), 'C')
      || setweight(to_tsvector('simple', 'order ' || replace(number, '-', ' ') || ' ' || word), 'D')
    from mail
  `.execute(trx);
}

/** Foreign keys are right by construction, and what triggers note is done here. */
async function withoutTriggers(db: Database, work: (trx: Transaction<Schema>) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`set local statement_timeout = 0`.execute(trx);
    await work(trx);
  });
}

/** Drops the indexes that are not of constraints; the returned function makes them again. */
async function dropIndexes(db: Database): Promise<() => Promise<void>> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid = any(${tables}::text[]::regclass[])
      and not exists (select from pg_constraint where conindid = indexrelid)
  `.execute(db);
  for (const { name } of rows) await sql`drop index ${sql.raw(name)}`.execute(db);
  return async () => {
    for (const { definition } of rows) await withoutLimit(db, sql.raw(definition));
  };
}

async function withoutLimit(db: Database, statement: RawBuilder<unknown>): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0; set maintenance_work_mem = '512MB'`.execute(connection);
    try {
      await statement.execute(connection);
    } finally {
      await sql`set statement_timeout = '30s'; reset maintenance_work_mem`.execute(connection);
    }
  });
}
