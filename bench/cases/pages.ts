import { sql } from 'kysely';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure/percentiles.ts';

const ACCOUNTS = 5_000;
const ITEMS_OF_AN_ACCOUNT = 20;
const ITEMS_OF_A_STATEMENT = 4;
const REQUESTS_OF_A_KIND = 60;

const kinds = {
  'first page': '?pageSize=50',
  'page 50': '?pageSize=50&page=50',
  search: '?pageSize=50&search=counter-04',
  'by last current': '?pageSize=50&sort=current&order=descending',
  'by waiting items': '?pageSize=50&sort=waiting&order=descending',
} as const;

/** The table of accounts, as the page requests it. */
export const pages: BenchmarkCase = {
  name: 'pages',
  question: 'How fast does the API answer a page of 5,000 accounts?',
  steps: [{ stack: 'empty', connected: 0, run }],
};

async function run({ stack }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  await fill({ stack, accounts: [] });
  const timesOf = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
  const ask = async (path: string) => {
    const startedAt = performance.now();
    const response = await fetch(`${stack.apiUrl}/api/v1/email/accounts${path}`, {
      headers: { authorization: `Bearer ${stack.apiKey}` },
    });
    const body = (await response.json()) as { accounts?: unknown[] };
    if (!body.accounts?.length) throw new Error(`GET ${path}: ${response.status}, no accounts`);
    return performance.now() - startedAt;
  };
  for (const path of Object.values(kinds)) await ask(path);
  for (let n = 0; n < Math.ceil(REQUESTS_OF_A_KIND * scale); n++) {
    for (const [kind, path] of Object.entries(kinds)) timesOf.get(kind)?.push(await ask(path));
  }
  await sql`truncate accounts cascade`.execute(stack.db);
  return [...timesOf].flatMap(([kind, times]) => [
    { what: `${kind}, median`, value: median(times), unit: 'ms', goal: { atMost: 50 } },
    { what: `${kind}, p99`, value: percentile(times, 0.99), unit: 'ms' },
  ]);
}

async function fill({ stack: { db, queueId } }: Crowd): Promise<void> {
  await sql`truncate accounts cascade`.execute(db);
  await sql`
    with added as (
      insert into accounts (address, default_queue_id, sign_in, authenticated_at, capture_from)
      select 'counter-' || to_char(n, 'FM00000') || '@contoso.example', ${queueId}::uuid, 'done', now(), now()
      from generate_series(1, ${ACCOUNTS}::int) n
      returning id
    )
    insert into watches (account_id, current_at) select id, now() - random() * interval '20 seconds' from added
  `.execute(db);
  const addItems = (from: number) =>
    sql`
    with received as (
      insert into messages (account_id, graph_id, subject, recipients, received_at, body_text, importance,
        has_attachments)
      select id, n::text, 'Question ' || n, '{}', now() - random() * interval '3 days', 'Hello', 'normal', false
      from accounts, generate_series(${from + 1}::int, ${Math.min(from + ITEMS_OF_A_STATEMENT, ITEMS_OF_AN_ACCOUNT)}::int) n
      returning id, account_id, received_at
    )
    insert into items (message_id, account_id, queue_id, decision, received_at, queued_at, state)
    select id, account_id, ${queueId}::uuid, '{}', received_at, received_at,
      case when random() < 0.5 then 'waiting' else 'completed' end
    from received
  `.execute(db);
  // In batches: a single statement would exceed the statement timeout.
  for (let from = 0; from < ITEMS_OF_AN_ACCOUNT; from += ITEMS_OF_A_STATEMENT) {
    await addItems(from);
  }
  await sql`analyze`.execute(db);
}
