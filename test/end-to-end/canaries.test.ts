import { execFile } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { DEFAULT_ADMINISTRATOR, MAILROOM_CLIENT_SECRET } from '../../simulator/entra/default-directory.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { sweepNow } from '../../temporal/retention-schedule.ts';
import { createPageDriver } from '../simulator/page-driver.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { readableInTemporal } from '../support/readable-in-temporal.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const MAILBOX = 'canary-mailbox@contoso.example';
const PATIENCE = { timeoutMs: 30_000, intervalMs: 100 };

/** What may stand in no log, metric, history or answer to others, beside what the day itself makes. */
const MAIL = {
  subject: 'canarysubject',
  body: 'canarybody',
  sender: 'canarysender@fabrikam.example',
  senderName: 'Canaryname',
} as const;
const WRITTEN = {
  note: 'canarynote',
  answer: 'canaryanswer',
  search: 'canarysearch',
  person: 'canaryperson@contoso.example',
};
/** Credentials that are tried and do not fit. */
const TRIED = {
  wrongSecret: 'canarywrongsecret',
  wrongKey: 'mailroom_canarywrongkey',
  wrongCookie: 'canarywrongcookie',
};

/** Where PostgreSQL has it in clear, because the design says so (docs/threat-model.md). */
const IN_CLEAR: Readonly<Record<string, readonly string[]>> = {
  subject: [
    'answers.subject',
    'messages.headers',
    'messages.subject',
    'search_documents.document',
    'search_words.word',
  ],
  body: ['answers.quote', 'messages.body_html', 'messages.body_text', 'search_documents.document'],
  sender: [
    'answers.recipients',
    'messages.from_address',
    'messages.headers',
    'messages.recipients',
    'messages.sender',
    'search_documents.document',
  ],
  senderName: [
    'answers.recipients',
    'messages.from_name',
    'messages.headers',
    'messages.recipients',
    'messages.sender',
    'search_documents.document',
  ],
  note: ['item_notes.text', 'search_documents.document'],
  answer: ['answers.body'],
  search: [],
  person: ['audit_entries.changes', 'audit_entries.object_name', 'events.details', 'users.email'],
};

let stack: TestStack;
let metricsUrl: string;
/** The answers that were refusals. */
const refusals: string[] = [];

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  metricsUrl = `http://localhost:${port}/metrics`;
  stack = await startTestStack({ LOG_LEVEL: 'trace', WORKER_HEALTH_PORT: String(port) });
});
afterAll(() => stack.stop());

async function call(method: string, path: string, { body, key = stack.apiKey, headers = {} }: Request = {}) {
  const response = await fetch(`${stack.apiUrls[0]}${path}`, {
    method,
    headers: {
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 400) refusals.push(text);
  return { status: response.status, text, json: () => JSON.parse(text), etag: response.headers.get('etag') ?? '' };
}
interface Request {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signs in by single sign-on, as in a browser; the session's cookie. */
async function signInAsAdministrator(): Promise<string> {
  const url = stack.apiUrls[0] ?? '';
  const browser = createPageDriver({ stayOn: [new URL(url).host, new URL(stack.simulatorUrl).host] });
  await browser.open(`${url}/auth/sign-in`);
  for (let pages = 0; !browser.page.url.startsWith(url) && pages < 6; pages++) {
    const { title } = browser.page;
    if (title === 'Sign in to your account') await browser.submit({ address: DEFAULT_ADMINISTRATOR });
    else if (title === 'Enter password') await browser.submit({ password: 'a password' });
    else await browser.press('Approve');
  }
  return browser.cookies.get(new URL(url).host)?.get('mailroom') ?? '';
}

/** A day of everything, with its failures. */
async function live(): Promise<{ readonly cookie: string; readonly others: string }> {
  const simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
  await simulator.call('POST', '/users', { address: MAILBOX });
  const accountId = await connectAccount(stack, MAILBOX);
  const echo = `${MAIL.subject} ${MAIL.body} ${MAIL.sender} ${MAILBOX} Bearer ${MAILROOM_CLIENT_SECRET}`;
  await simulator.addFault({ kind: 'error', mailbox: MAILBOX, error: echo, count: 3 });
  const from = `${MAIL.senderName} <${MAIL.sender}>`;
  await simulator.call('POST', `/mailboxes/${MAILBOX}/messages`, {
    subject: MAIL.subject,
    html: `<p>${MAIL.body}</p>`,
    from,
  });
  const { id: itemId, queueId } = await eventually(
    () => stack.db.selectFrom('items').select(['id', 'queueId']).executeTakeFirstOrThrow(),
    PATIENCE,
  );
  const cookie = await signInAsAdministrator();
  const byPerson = { key: '', headers: { cookie: `mailroom=${cookie}`, origin: stack.apiUrls[0] ?? '' } };

  const item = `/api/v1/items/${itemId}`;
  for (const path of [
    item,
    `${item}/html`,
    `${item}/message.eml`,
    '/api/v1/board',
    `/api/v1/queues/${queueId}/items`,
  ]) {
    expect([path, (await call('GET', path)).status]).toEqual([path, 200]);
  }
  expect((await call('GET', `/api/v1/search?q=${WRITTEN.search}`)).status).toBe(200);
  expect((await call('POST', `${item}/claim`, { body: {} })).status).toBe(200);
  expect((await call('POST', `${item}/notes`, { body: { text: WRITTEN.note } })).status).toBe(201);
  const draft = await call('POST', `${item}/drafts`, { body: { kind: 'reply' } });
  const { id: draftId } = draft.json();
  const text = {
    to: [{ address: MAIL.sender, name: MAIL.senderName }],
    subject: `Re: ${MAIL.subject}`,
    includesQuote: true,
  };
  const saved = await call('PUT', `/api/v1/drafts/${draftId}`, {
    body: { ...text, format: 'html', body: `<p>${WRITTEN.answer}</p>` },
    headers: { 'if-match': draft.etag },
  });
  expect(saved.status).toBe(200);
  expect((await call('POST', `${item}/complete`, { body: {} })).status).toBe(200);
  const person = { email: WRITTEN.person, displayName: 'Canary', profile: 'Agent' };
  const added = await call('POST', '/api/v1/users', { ...byPerson, body: person });
  expect(added.status).toBe(201);
  const { id: userId } = added.json();
  expect((await call('PATCH', `/api/v1/users/${userId}`, { ...byPerson, body: { enabled: false } })).status).toBe(200);

  // What does not fit.
  await call('GET', '/api/v1/items', { key: TRIED.wrongKey });
  await call('GET', '/api/v1/me', { key: '', headers: { cookie: `mailroom=${TRIED.wrongCookie}` } });
  await call('POST', `${item}/notes`, { body: { text: 7, [MAIL.body]: WRITTEN.note } });
  await call('POST', `${item}/notes`, { body: `{"text": "${WRITTEN.note}` });
  await call('POST', `/api/v1/drafts/${draftId}/send`, { body: { completeItem: WRITTEN.answer } });
  await call('GET', `/api/v1/search?q=${encodeURIComponent(`from:${MAIL.sender} before:${WRITTEN.search}`)}`);
  await call('GET', `/api/v1/items/${MAIL.sender}`);
  await call('PUT', '/api/v1/email/settings', {
    body: { tenantId: 'x', clientId: 'y', clientSecret: TRIED.wrongSecret },
  });
  await call('POST', '/api/v1/email/accounts', { body: { address: `${MAIL.body} ${MAIL.sender}` } });

  // PostgreSQL goes away in the middle of it.
  const during = Promise.all([1, 2, 3].map(() => call('POST', `${item}/notes`, { body: { text: WRITTEN.note } })));
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename <> current_user`.execute(stack.db);
  await during;
  await sql`alter table item_notes rename to item_notes_away`.execute(stack.db);
  await call('POST', `${item}/notes`, { body: { text: WRITTEN.note } });
  await sql`alter table item_notes_away rename to item_notes`.execute(stack.db);
  await eventually(async () => expect((await call('GET', '/readyz')).status).toBe(200), PATIENCE);

  await simulator.addFault({ kind: 'error', mailbox: MAILBOX, error: echo, count: 2 });
  await call('POST', `/api/v1/email/accounts/${accountId}/completeness`, { body: {} });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['api/mailroom.ts', 'keys', 'rotate'], {
    cwd: projectFolder,
    env: stack.environment,
  });
  const audit = await call('GET', '/api/v1/audit?pageSize=200');

  // A key for another queue, of which it is told what it asks for.
  const other = await stack.mailroom.post<{ id: string }>('/queues', { name: 'Another queue' });
  const limits = { queueIds: [other.id] };
  const made = await call('POST', '/api/v1/api-keys', {
    ...byPerson,
    body: { name: 'other', profile: 'Agent', ...limits },
  });
  expect(made.status).toBe(201);
  const { key } = made.json();
  const asked = [
    '/api/v1/items/mine',
    `/api/v1/search?q=${MAIL.subject}`,
    `/api/v1/queues/${other.id}/items`,
    '/api/v1/board.csv',
  ];
  const answers = await Promise.all([item, `${item}/html`, ...asked].map((path) => call('GET', path, { key })));
  return { cookie, others: [stdout, stderr, audit.text, ...answers.map((answer) => answer.text)].join('\n') };
}

/** As a text may carry it. */
const formsOf = (canary: string) => [
  canary,
  encodeURIComponent(canary),
  Buffer.from(canary).toString('base64').replace(/=+$/, ''),
  Buffer.from(canary).toString('hex'),
];
const foundIn = (text: string, canaries: Readonly<Record<string, string>>) =>
  Object.entries(canaries)
    .filter(([, canary]) => formsOf(canary).some((form) => text.toLowerCase().includes(form.toLowerCase())))
    .map(([name]) => name);

async function placesInDatabase(canaries: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(stack.db);
  const places: Record<string, Set<string>> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: Record<string, unknown>;
    }>`select to_jsonb(t) as row from ${sql.table(name)} t`.execute(stack.db);
    for (const [column, value] of rows.flatMap(({ row }) => Object.entries(row))) {
      for (const found of foundIn(JSON.stringify(value), canaries)) {
        places[found] ??= new Set();
        places[found].add(`${name}.${column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`);
      }
    }
  }
  return Object.fromEntries(Object.entries(places).map(([name, found]) => [name, [...found].sort()]));
}

async function expectPlaces(
  canaries: Readonly<Record<string, string>>,
  allowed: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const places = Object.entries(await placesInDatabase(canaries));
  const unexpected = places.map(([name, found]) => [name, found.filter((at) => !allowed[name]?.includes(at))] as const);
  expect(unexpected.filter(([, found]) => found.length > 0)).toEqual([]);
}

it('leaves a day without a secret or a mail in what operators and others read', async () => {
  const { cookie, others } = await live();
  const [id = '', key = ''] = (stack.environment.ENCRYPTION_KEYS ?? '').split(':');
  const keys = createKeyRing([{ id, key: createSecretKey(Buffer.from(key, 'base64')) }]);
  const caches = await stack.db.selectFrom('tokenCaches').select(['accountId', 'cache']).execute();
  const tokens = caches
    .map(({ accountId, cache }) => keys.decrypt(cache, `token_caches.cache|${accountId}`))
    .flatMap((cache) => [...cache.matchAll(/"secret":"([^"]{20,})"/g)].map(([, token = '']) => token));
  expect(tokens.length).toBeGreaterThan(1);
  const secrets = {
    clientSecret: MAILROOM_CLIENT_SECRET,
    apiKey: stack.apiKey,
    cookie,
    encryptionKey: key,
    databasePassword: new URL(stack.environment.DATABASE_URL ?? '').password,
    ...TRIED,
    ...Object.fromEntries(tokens.map((token, index) => [`token ${index}`, token])),
  };
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(8);
  const everything = { ...secrets, ...MAIL, ...WRITTEN, mailbox: MAILBOX };

  expect(stack.logs.length).toBeGreaterThan(20);
  expect(foundIn(stack.logs.join('\n'), everything)).toEqual([]);
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain('mailroom_audit_unsealed_seconds');
  expect(foundIn(metrics, everything)).toEqual([]);
  expect(refusals.length).toBeGreaterThan(8);
  expect(
    foundIn(refusals.join('\n'), { ...secrets, subject: MAIL.subject, note: WRITTEN.note, answer: WRITTEN.answer }),
  ).toEqual([]);
  expect(foundIn(others, { ...secrets, ...MAIL, note: WRITTEN.note, answer: WRITTEN.answer })).toEqual([]);

  const client = openTemporalClient({
    address: stack.environment.TEMPORAL_ADDRESS ?? '',
    namespace: stack.environment.TEMPORAL_NAMESPACE ?? '',
    tls: undefined,
    apiKey: undefined,
    keys,
  });
  try {
    const { texts } = await readableInTemporal(client);
    expect(texts.length).toBeGreaterThan(100);
    expect(foundIn(texts.join('\n'), everything)).toEqual([]);

    await expectPlaces({ ...secrets, ...MAIL, ...WRITTEN }, IN_CLEAR);
    const erasure = { scope: 'sender', address: MAIL.sender, reason: 'She asked for it.' };
    const { id: erasureId } = await stack.mailroom.post<{ id: string }>('/erasures', erasure);
    await sweepNow(client);
    await eventually(async () => {
      const { rows } = await sql`select from erasures, retention
        where erasures.id = ${erasureId} and finished_at is not null and swept_at is not null`.execute(stack.db);
      expect(rows.length).toBe(1);
    }, PATIENCE);
    // The list of words is made again every ten minutes.
    await expectPlaces({ ...MAIL, note: WRITTEN.note, answer: WRITTEN.answer }, { subject: ['search_words.word'] });
  } finally {
    await client.connection.close();
  }
});
