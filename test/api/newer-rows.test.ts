import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { insertSettings } from '../support/simulated-organisation.ts';
import { startTestApi, type TestApi } from './test-api.ts';

/**
 * During a roll-out, and after a step back, the API reads rows that a newer release wrote. It knows neither its words nor its
 * states; it must show the rest, and change nothing that it cannot answer.
 */

let api: TestApi;
let ids: Readonly<Record<'account' | 'queue' | 'item' | 'message' | 'user', string>>;

/** A word that no release has. */
const NEWER = 'a-newer-word';

beforeAll(async () => {
  api = await startTestApi({ temporalAnswers: async () => true });
  ids = await oneRowOfEach();
  // What a newer release allows, its migration has allowed.
  await sql`
    do $$ declare found record; begin
      for found in select conrelid::regclass as name, conname from pg_constraint
        where contype = 'c' and connamespace = 'public'::regnamespace
      loop
        execute format('alter table %s drop constraint %I', found.name, found.conname);
      end loop;
    end $$
  `.execute(api.db);
});
afterAll(() => api.stop());

/** A row in every table that an answer is made of. */
async function oneRowOfEach(): Promise<typeof ids> {
  const { db } = api;
  await insertSettings(api);
  const queue = await aQueue(db);
  const account = await anAccount(db, {
    defaultQueueId: queue,
    inboxId: 'inbox',
    signInAs: null,
    identityUsername: 'a',
  });
  const attachment = {
    graphId: 'a',
    name: 'a.pdf',
    contentType: undefined,
    size: 1,
    isInline: false,
    contentId: undefined,
  };
  const message = aMessage({
    attachments: [{ ...attachment, kind: 'file' }],
    unreadAttachments: { code: undefined },
    leftOut: { to: 1 },
  });
  const router = createRouter({ version: 1, defaultQueueId: queue, rules: [] });
  await insertMessages(db, account, [message, aMessage()], router);
  const item = await db.selectFrom('items').select(['id', 'messageId']).orderBy('id').executeTakeFirstOrThrow();
  const { userId: user } = await api.browserOf('Agent', 'newer@contoso.example');
  const accountId = account;
  await db
    .insertInto('rules')
    .values({ accountId, position: 1, queueId: queue, keywords: ['word'] })
    .execute();
  await db
    .insertInto('quarantine')
    .values({ accountId, graphId: 'q', folder: 'inbox', reason: 'unreadable' })
    .execute();
  const counts = { pages: 1, captured: 1, known: 0, skipped: 0, quarantined: 0 };
  await db
    .insertInto('drains')
    .values({ accountId, startedAt: new Date(), ...counts, outcome: 'failed' })
    .execute();
  await db.insertInto('events').values({ actor: 'cli', name: 'account.paused', accountId }).execute();
  await db.insertInto('differences').values({ accountId, graphId: 'd', outcome: 'gone' }).execute();
  await db
    .insertInto('reconciliations')
    .values({ accountId, finishedAt: new Date(), inMailbox: 1, inLedger: 1 })
    .execute();
  await db
    .insertInto('applicationAccess')
    .values({ enabled: true, outcome: 'proved', failureReason: 'network' })
    .execute();
  await db.insertInto('watches').values({ accountId }).execute();
  await db.insertInto('subscriptions').values({ accountId, failureReason: 'endpoint-not-reached' }).execute();
  const in10Minutes = new Date(Date.now() + 600_000);
  await db
    .insertInto('fullMailboxes')
    .values({ accountId, reason: 'delta-refused', listedUntil: new Date(), deltaDueAt: in10Minutes })
    .execute();
  await db.insertInto('processes').values({ id: user, kind: 'worker', keyIds: [], problem: 'key-missing' }).execute();
  return { account, queue, item: item.id, message: item.messageId ?? '', user };
}

type Call = readonly [method: string, path: string, body?: object];

/** What is read from a mailbox, which waits for Temporal. */
const OF_MAILBOXES = /attachments|message\.eml|web-link|special/;

/** Every address that answers a GET with JSON. */
function reads(): readonly Call[] {
  const { paths = {} } = api.app.swagger() as { paths?: Record<string, Record<string, unknown>> };
  const found = Object.entries(paths).flatMap(([path, operations]) =>
    'get' in operations &&
    /^\/(api|readyz)/.test(path) &&
    !/changes|missed|sign-in/.test(path) &&
    !OF_MAILBOXES.test(path)
      ? [path]
      : [],
  );
  expect(found.length).toBeGreaterThan(15);
  const items = ['GET', `/api/v1/queues/${ids.queue}/items?state=all`] as const;
  return [items, ...found.map((path) => ['GET', path.replace('{id}', idFor(path))] as const)];
}

/** What changes rows, and answers with them. */
function writes(): readonly Call[] {
  const routing = `/api/v1/email/accounts/${ids.account}/routing`;
  return [
    ['PATCH', `/api/v1/email/accounts/${ids.account}`, { restsWhenQuiet: true }],
    ['POST', `${routing}/try`, { messageId: ids.message }],
    ['POST', `${routing}/rehearse`, { routing: { rules: [] } }],
    ['PATCH', `/api/v1/queues/${ids.queue}`, { description: 'described' }],
    ['PATCH', `/api/v1/users/${ids.user}`, { displayName: 'Named' }],
    ['POST', `/api/v1/queues/${ids.queue}/claim`, {}],
    ['POST', `/api/v1/items/${ids.item}/claim`, {}],
    ['POST', `/api/v1/items/${ids.item}/release`, {}],
  ];
}

function idFor(path: string): string {
  if (path.includes('/accounts/')) return ids.account;
  if (path.includes('/queues/')) return ids.queue;
  return path.includes('/users/') ? ids.user : ids.item;
}

const newer = sql`${NEWER}::text`;

/** Ciphertexts, the key that asks, and the audit trail, which refuses to be changed and whose answers are plain texts. */
const NO_WORDS = /secret$|cache$|nonce|verifier|known_text|^api_keys|^kysely|^audit_/;

describe('a row that a newer release wrote', { timeout: 120_000 }, () => {
  it('keeps no answer of the API from being given, whichever of its words is unknown', async () => {
    const { rows: columns } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and data_type = 'text' and not exists (
        select from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
        where indrelid = table_name::regclass and indisunique and attname = column_name
      )
      order by 1, 2
    `.execute(api.db);
    const words = columns.filter(({ table, column }) => !NO_WORDS.test(`${table}.${column}`));
    expect(words.length).toBeGreaterThan(50);
    const refused: string[] = [];
    // Of each table one column at a time: together they would hide each other.
    const tables = [...Map.groupBy(words, ({ table }) => table).values()];
    for (let turn = 0; turn < Math.max(...tables.map(({ length }) => length)); turn += 1) {
      const values = tables
        .flatMap((all) => all[turn] ?? [])
        .map(({ table, column }) => ({ table, column, value: newer }));
      refused.push(...(await refusedWith(values)));
    }
    expect(refused).toEqual([]);
  });

  it.each([
    ['a way to decide', { by: NEWER, queueId: null, rule: { id: 1 } }],
    ['a reason', { by: 'default', because: NEWER, version: 1 }],
    ['a rule that is told otherwise', { by: 'rule', sender: 'ada@example.org', version: 1 }],
    ['a decision without anything', {}],
  ])('is shown, claimed and released with a decision that holds %s', async (_what, decision) => {
    const value = sql`${JSON.stringify(decision)}::jsonb`;
    expect(await refusedWith([{ table: 'items', column: 'decision', value }])).toEqual([]);
  });

  it('is shown when it says more than is known', async () => {
    const more = JSON.stringify({ [NEWER]: { any: ['thing'] } });
    const columns = [
      'items.decision',
      'messages.recipients',
      'messages.left_out',
      'events.details',
      'quarantine.preview',
    ];
    const values = columns.map((name) => {
      const [table = '', column = ''] = name.split('.');
      return { table, column, value: sql`coalesce(${sql.ref(column)}, '{}') || ${more}::jsonb` };
    });
    for (const value of values) expect(await refusedWith([value])).toEqual([]);
  });

  it('passes unknown words on as they are, and says in words that they are unknown', async () => {
    const event = async () => (await api.call('GET', `/api/v1/email/accounts/${ids.account}/events`)).json.events[0];
    await withValue('events', 'name', sql`${'account.newer'}::text`, async () => {
      expect(await event()).toMatchObject({ name: 'account.newer', words: 'account.newer' });
    });
    const decision = JSON.stringify({ by: NEWER, queueId: null });
    await withValue('items', 'decision', sql`${decision}::jsonb`, async () => {
      const { json } = await api.call('GET', `/api/v1/items/${ids.item}`);
      expect(json).toMatchObject({
        decision: { by: 'other', raw: { by: NEWER } },
        why: 'A newer release of Mailroom decided this, in a way that this one does not know.',
      });
    });
    await withValue('accounts', 'sign_in', sql`${NEWER}::text`, async () => {
      const { json } = await api.call('GET', `/api/v1/email/accounts/${ids.account}`);
      expect(json).toMatchObject({ state: 'unknown', signIn: { state: NEWER }, delivery: { mode: 'none' } });
    });
  });

  it('is left alone where its state is unknown: it is neither claimed nor released', async () => {
    await withValue('items', 'state', sql`${NEWER}::text`, async () => {
      const state = () => api.db.selectFrom('items').select('state').distinct().execute();
      for (const path of [`queues/${ids.queue}/claim`, `items/${ids.item}/claim`, `items/${ids.item}/complete`]) {
        expect([204, 409]).toContain((await api.call('POST', `/api/v1/${path}`, { body: {} })).status);
      }
      expect(await state()).toEqual([{ state: NEWER }]);
    });
  });

  it('permits nothing to a user of a profile that is unknown', async () => {
    await withValue('api_keys', 'profile', sql`${NEWER}::text`, async () => {
      expect((await api.call('GET', '/api/v1/queues')).status).toBe(403);
      expect((await api.call('GET', '/api/v1/me')).json).toMatchObject({ profile: NEWER, permissions: [] });
    });
  });
});

describe('a closed list in an answer', () => {
  it('is one that this release derives itself: words out of rows are open', () => {
    const closed = new Set<string>();
    const document = api.app.swagger() as { paths: object; components: { schemas: Record<string, object> } };
    const find = (node: unknown, place: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('$ref' in node) return;
      if ('enum' in node) closed.add(place);
      if ('anyOf' in node && Array.isArray(node.anyOf) && node.anyOf.some(isAnyText)) return;
      for (const [key, inner] of Object.entries(node))
        find(inner, /^(properties|items|anyOf|\d+)$/.test(key) ? place : `${place}.${key}`);
    };
    for (const [name, schema] of Object.entries(document.components.schemas)) find(schema, name);
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const { responses } of Object.values<{ responses: object }>(operations)) find(responses, path);
    }
    expect([...closed].toSorted()).toEqual(DERIVED.toSorted());
  });
});

const isAnyText = (schema: object) =>
  'type' in schema && schema.type === 'string' && !('enum' in schema) && !('format' in schema);

/** What no row holds as it is. Add to it only what code of this release makes of rows, or what is asked and not answered. */
const DERIVED: readonly string[] = [
  'Account.delivery.mode',
  'Account.delivery.reason',
  'Account.reading',
  'AccountChange.resume',
  'AccountState',
  'AccountWithSignIn.delivery.mode',
  'AccountWithSignIn.delivery.reason',
  'AccountWithSignIn.reading',
  'ApiKey.state',
  'ApplicationAccess.reason',
  'ConnectedMailboxes.lines.outcome',
  'CreatedApiKey.state',
  'Erasure.state',
  'NewApiKey.permissions',
  'AttachedMessage.attachments.preview', // of its bytes, as all that is inside attachments
  'AttachedMessage.attachments.risk',
  'AttachedMessage.special',
  'Completeness.leftOut.reason',
  'ChangedAccount.delivery.mode',
  'ChangedAccount.delivery.reason',
  'ChangedAccount.reading',
  'ComponentHealth.component',
  'ComponentHealth.reason',
  // A stored one is `other`, unless this release knows all of it.
  'DecisionByDefault.because',
  'DecisionWithoutQueue.because',
  'DraftChange.format',
  'HealthState',
  'ItemWithMessage.lostClaim.how',
  'MailReport.recipients.reason',
  'MailReport.type',
  'Me.kind',
  'Me.permissions',
  'Message.authentication.verdict', // of the headers
  'Message.automatic.kind', // of the headers
  'NewDraft.kind',
  'SendAnswer.confirmed',
  'SendingState.missing',
  'SendingState.reason',
  'Parking.reason', // of requests
  'QueueChange.conversations', // of requests
  'Readiness.database',
  'Readiness.reason',
  'Readiness.temporal',
  'SecuredMail.kind',
  'SecurityProfile', // of requests
  'SettingsFinding.code',
  'SettingsFinding.field',
  'SettingsFinding.severity',
  'SignOnSettingsChange.unmatchedProfile',
  'Certificate.use',
  'NewPeopleOfProviderChange.profile', // of requests
  'User.provider',
];

interface Value {
  readonly table: string;
  readonly column: string;
  readonly value: RawBuilder<unknown>;
}

/** Which calls are answered 500 while all rows hold these values. */
async function refusedWith(values: readonly Value[]): Promise<readonly string[]> {
  const refused: string[] = [];
  const make = async ([method, path, body]: Call) => {
    const { status } = await api.call(method, path, body && { body });
    // 503 is what /readyz has to say.
    if (status !== 500) return;
    refused.push(`${method} ${path} with one of ${values.map(({ table, column }) => `${table}.${column}`)}`);
  };
  await withValues(values, async () => {
    await Promise.all(reads().map(make));
    for (const write of writes()) await make(write);
  });
  return refused;
}

const withValue = (table: string, column: string, value: RawBuilder<unknown>, work: () => Promise<void>) =>
  withValues([{ table, column, value }], work);

/** Lets all rows of tables hold values for a while. */
async function withValues(values: readonly Value[], work: () => Promise<void>): Promise<void> {
  const [first, ...others] = values;
  if (!first) return await work();
  const [name, changed] = [sql.table(first.table), sql.ref(first.column)];
  const before = sql.table(`before_${first.table}`);
  await sql`create table ${before} as select * from ${name}`.execute(api.db);
  try {
    await sql`update ${name} set ${changed} = ${first.value}`.execute(api.db);
    await withValues(others, work);
  } finally {
    const same = await primaryKeyOf(first.table);
    const isSame = sql.join(
      same.map((column) => sql`changed.${sql.ref(column)} = before.${sql.ref(column)}`),
      sql` and `,
    );
    await sql`
      update ${name} changed set ${changed} = before.${changed} from ${before} before where ${isSame}
    `.execute(api.db);
    await sql`drop table ${before}`.execute(api.db);
  }
}

async function primaryKeyOf(table: string): Promise<readonly string[]> {
  const { rows } = await sql<{ column: string }>`
    select attname as column from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
    where indrelid = ${table}::regclass and indisprimary
  `.execute(api.db);
  return rows.map(({ column }) => column);
}
