import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import type { WalkLimits } from '../../database/search/find-places.ts';
import { countPending, indexPending, noteOutdated } from '../../database/search/index-pending.ts';
import { type Search, searchMessages, searchOrders } from '../../database/search/search-messages.ts';
import { renewSearchWords, respell } from '../../database/search/search-words.ts';
import { createRouter } from '../../domain/routing.ts';
import { parseSearch, type SearchQuery, searchAsText } from '../../domain/search/search-query.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 4, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** Captures and indexes messages into a queue of their own; each a second newer than the one before. */
async function captured(messages: readonly Partial<NewMessage>[]): Promise<string> {
  const queueId = await aQueue(db);
  const accountId = await anAccount(db, { defaultQueueId: queueId });
  const start = Date.parse('2026-05-01T10:00:00Z');
  const all = messages.map((message, n) =>
    aMessage({ receivedAt: new Date(start + n * 1_000), bodyText: '', ...message }),
  );
  await insertMessages(db, accountId, all, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  await indexAll();
  return queueId;
}

async function indexAll(): Promise<void> {
  while ((await indexPending(db, 10)).indexed > 0);
}

const query = (text: string) => parseSearch(text) as SearchQuery;
const find = async (queueId: string, text: string, search: Partial<Search> = {}, limits?: WalkLimits) => {
  const asked = { query: query(text), order: 'newest', limit: 50, after: undefined, queueId, ...search } as const;
  return (await searchMessages(db, asked, limits)).hits.map(({ item }) => item.subject);
};

const attachment = (name: string) => ({
  graphId: name,
  kind: 'file' as const,
  name,
  contentType: undefined,
  size: 1,
  isInline: false,
  contentId: undefined,
});

describe('a search', () => {
  let queueId: string;
  beforeAll(async () => {
    queueId = await captured([
      {
        subject: 'Offene Rechnungen',
        bodyText: 'Sehr geehrte Damen und Herren, leider sind die Rechnungen für unser Büro noch nicht bezahlt worden.',
        from: { name: 'Jürgen Müller', address: 'j.mueller@example.net' },
      },
      {
        subject: 'Broken kettles',
        bodyText: 'Dear Sir or Madam, unfortunately the kettles which we have ordered from you arrived damaged.',
        recipients: { to: [{ address: 'returns@contoso.example' }], cc: [{ name: 'Zoë Quist' }], bcc: [], replyTo: [] },
      },
      {
        subject: 'RMA-2026-001',
        bodyText: 'Auftrag RE4711X',
        attachments: [attachment('Lieferschein_77.pdf')],
        hasAttachments: true,
      },
      { subject: '日本語のメール', bodyText: '請求書を送ってください' },
      { subject: 'Empty' },
    ]);
  });

  it.each([
    // Words in the forms of the message's language.
    ['rechnung', 'Offene Rechnungen'],
    ['bezahlte rechnungen', 'Offene Rechnungen'],
    ['kettle', 'Broken kettles'],
    ['damage kettle', 'Broken kettles'],
    ['die rechnung', 'Offene Rechnungen'],
    // Names, in every spelling.
    ['Müller', 'Offene Rechnungen'],
    ['mueller', 'Offene Rechnungen'],
    ['muller', 'Offene Rechnungen'],
    ['from:juergen', 'Offene Rechnungen'],
    ['zoe', 'Broken kettles'],
    ['to:returns@contoso.example', 'Broken kettles'],
    ['contoso.example kettle', 'Broken kettles'],
    // Numbers by their parts.
    ['RMA-2026-001', 'RMA-2026-001'],
    ['rma 2026/001', 'RMA-2026-001'],
    ['4711', 'RMA-2026-001'],
    ['re4711', 'RMA-2026-001'],
    ['lieferschein_77.pdf', 'RMA-2026-001'],
    ['file:liefers', 'RMA-2026-001'],
    // While it is being typed.
    ['ket', 'Broken kettles'],
    ['"arrived damag', 'Broken kettles'],
    // Without blanks between words.
    ['日本', '日本語のメール'],
    ['請求書', '日本語のメール'],
  ])('for %j finds its message', async (text, subject) => {
    expect(await find(queueId, text)).toEqual([subject]);
  });

  it.each(['kettles rechnung', 'subject:müller', 'from:kettles', '"damaged arrived"', 'kettles -broken', 'xyzzy'])(
    'for %j finds nothing',
    async (text) => {
      expect(await find(queueId, text)).toEqual([]);
    },
  );

  it('without words finds everything, also with an exclusion alone', async () => {
    expect(await find(queueId, '')).toHaveLength(5);
    expect(await find(queueId, '-rechnung ')).toHaveLength(4);
    expect(await find(queueId, '% _ \\ \' " () <-> !')).toHaveLength(5);
  });

  it('keeps to its filters', async () => {
    const person = `user:${randomUUID()}`;
    const item = await db
      .selectFrom('items')
      .select('id')
      .where('queueId', '=', queueId)
      .orderBy('receivedAt')
      .executeTakeFirstOrThrow();
    await db.updateTable('items').set({ state: 'completed', claimedBy: person }).where('id', '=', item.id).execute();
    expect(await find(queueId, '', { state: 'completed' })).toEqual(['Offene Rechnungen']);
    expect(await find(queueId, '', { person })).toEqual(['Offene Rechnungen']);
    expect(await find(queueId, 'kettle', { state: 'completed' })).toEqual([]);
    expect(await find(queueId, '', { hasAttachments: true })).toEqual(['RMA-2026-001']);
    const from = new Date('2026-05-01T10:00:03Z');
    expect(await find(queueId, '', { receivedFrom: from })).toEqual(['Empty', '日本語のメール']);
    expect(await find(queueId, '', { receivedBefore: new Date('2026-05-01T10:00:01Z') })).toEqual([
      'Offene Rechnungen',
    ]);
    expect(await find(await aQueue(db), 'kettle')).toEqual([]);
  });

  it('no longer finds a deleted message', async () => {
    const other = await captured([{ subject: 'Ephemeral words' }, { subject: 'Ephemeral too' }]);
    await db.deleteFrom('messages').where('subject', '=', 'Ephemeral words').execute();
    expect(await find(other, 'ephemeral')).toEqual(['Ephemeral too']);
  });

  it('finds files whose names were read later', async () => {
    const other = await captured([{ subject: 'Scanned later', hasAttachments: true }]);
    const { id: messageId } = await db
      .selectFrom('messages')
      .select('id')
      .where('subject', '=', 'Scanned later')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('attachments')
      .values({ messageId, position: 0, graphId: 'a', kind: 'file', name: 'contract.pdf', size: 1, isInline: false })
      .execute();
    expect(await find(other, 'contract')).toEqual([]);
    await indexAll();
    expect(await find(other, 'contract')).toEqual(['Scanned later']);
  });
});

describe('the order of results', () => {
  it('is by where the words stand and by age, or by time, and every page goes on where the last one ended', async () => {
    const queueId = await captured([
      ...Array.from({ length: 7 }, (_, n) => ({ subject: `Note ${n}`, bodyText: 'Something about toasters.' })),
      { subject: 'Toaster' },
      { subject: 'Last', bodyText: 'Something about toasters.' },
    ]);
    expect((await find(queueId, 'toaster', { order: 'relevance', limit: 3 }))[0]).toBe('Toaster');
    expect((await find(queueId, 'toaster'))[0]).toBe('Last');
    for (const order of ['relevance', 'newest'] as const) {
      const pages: string[] = [];
      let after: Search['after'];
      do {
        const page = await searchMessages(db, { query: query('toaster '), order, limit: 2, after, queueId });
        pages.push(...page.hits.map(({ item }) => item.subject));
        after = page.hits.at(-1)?.position;
      } while (after);
      expect(pages).toHaveLength(9);
      expect(new Set(pages).size).toBe(9);
    }
  });
});

/** What a database of any size is searched by, here with a few messages. */
const walks: readonly (readonly [string, WalkLimits])[] = [
  ['by words and filters', { fewMatches: 1_000_000, fewCandidates: 1_000_000, documents: 1, items: 1 }],
  ['along the newest messages', { fewMatches: -1, fewCandidates: 1_000_000, documents: 1_000, items: 1_000 }],
  [
    'by words and filters after the newest messages had too few',
    { fewMatches: -1, fewCandidates: 1_000_000, documents: 3, items: 3 },
  ],
];

describe.each(walks)('a search %s', (_, limits) => {
  const person = `user:${randomUUID()}`;
  let queueIds: readonly string[];
  beforeAll(async () => {
    const note = (n: number) => ({
      subject: `Mail ${n}`,
      bodyText: `I would like to return one of the toasters ${n % 2 === 0 ? 'as soon as possible' : 'and all of the green lamps'}.`,
      hasAttachments: n % 3 === 0,
    });
    queueIds = [
      await captured(Array.from({ length: 8 }, (_, n) => note(n))),
      await captured([{ subject: 'Other toaster' }]),
      await captured([{ subject: 'Third toaster' }]),
    ];
    const items = await db
      .selectFrom('items')
      .select('id')
      .where('queueId', '=', queueIds[0] ?? '')
      .orderBy('receivedAt')
      .execute();
    const some = items.slice(0, 4).map(({ id }) => id);
    await db
      .updateTable('items')
      .set({ claimedBy: person, tags: ['urgent'] })
      .where('id', 'in', some)
      .execute();
    await db.updateTable('items').set({ state: 'parked' }).where('id', 'in', some.slice(0, 2)).execute();
  });
  const found = (text: string, search: Partial<Search> = {}) => find(queueIds[0] ?? '', text, search, limits);
  const mails = (...numbers: readonly number[]) => numbers.map((n) => `Mail ${n}`);

  it('finds the same in the same order', async () => {
    expect(await found('toaster ')).toEqual(mails(7, 6, 5, 4, 3, 2, 1, 0));
    expect(await found('toaster -lamp ')).toEqual(mails(6, 4, 2, 0));
    expect(await found('"lamps green"')).toEqual([]);
    expect(await found('"green lamps" ')).toEqual(mails(7, 5, 3, 1));
    expect(await found('lamp ', { tag: 'urgent' })).toEqual(mails(3, 1));
    expect(await found('lamp ', { person })).toEqual(mails(3, 1));
    expect(await found('', { person, hasAttachments: true })).toEqual(mails(3, 0));
    expect(await found('', { tag: 'urgent' })).toEqual(mails(3, 2, 1, 0));
    expect(await found('toaster ', { state: 'parked' })).toEqual(mails(1, 0));
    expect(await found('', { state: 'waiting', limit: 2 })).toEqual(mails(7, 6));
    expect(await found('toaster ', { order: 'relevance', limit: 3, tag: 'urgent' })).toHaveLength(3);
    expect(await found('xyzzy ')).toEqual([]);
  });

  it('goes on where a page ended', async () => {
    for (const text of ['toaster ', '']) {
      const pages: string[] = [];
      let after: Search['after'];
      do {
        const asked = { query: query(text), order: 'newest', limit: 3, after, queueId: queueIds[0] } as const;
        const { hits } = await searchMessages(db, asked, limits);
        pages.push(...hits.map(({ item }) => item.subject));
        after = hits.at(-1)?.position;
      } while (after);
      expect(pages).toEqual(mails(7, 6, 5, 4, 3, 2, 1, 0));
    }
  });

  it('keeps to the queues that a person may see', async () => {
    const all = { queueId: undefined, tag: undefined };
    const [first = '', second = '', third = ''] = queueIds;
    const allowed = (...allowedQueues: readonly string[]) =>
      found('toaster ', { ...all, allowedQueues, limit: 2 * allowedQueues.length });
    expect(await allowed(second)).toEqual(['Other toaster']);
    expect((await found('toaster ', { ...all, allowedQueues: [second, third], limit: 2 })).toSorted()).toEqual([
      'Other toaster',
      'Third toaster',
    ]);
    expect(await allowed(first, second)).toHaveLength(4);
    expect(await allowed(...Array.from({ length: 20 }, () => randomUUID()), second)).toEqual(['Other toaster']);
    expect(await allowed()).toEqual([]);
    expect(await found('toaster ', { allowedQueues: [second] })).toEqual([]);
    expect(await found('', { ...all, allowedQueues: [third] })).toEqual(['Third toaster']);
    expect(await found('toaster ', { ...all, allowedQueues: [second], person })).toEqual([]);
  });
});

describe('a search in parts', () => {
  const vocabulary = ['xka', 'xlo', 'xmi', 'xra'];
  const Words = (most: number) => fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: most });
  const Term = fc.record({ words: Words(3), inSubject: fc.boolean(), isExcluded: fc.boolean() });
  type Term = typeof Term extends fc.Arbitrary<infer Value> ? Value : never;
  type Mail = { readonly subject: readonly string[]; readonly text: readonly string[] };
  const has = ({ subject, text }: Mail, { words, inSubject }: Term) => {
    const all = [...subject, 'a sender', ...(inSubject ? [] : text)];
    return all.some((_, n) => words.every((word, m) => all[n + m] === word));
  };
  const typed = ({ words, inSubject, isExcluded }: Term) =>
    `${isExcluded ? '-' : ''}${inSubject ? 'subject:' : ''}"${words.join(' ')}"`;

  it('finds on all its pages what a reader of every mail finds, whatever a part is', async () => {
    const mails: readonly Mail[] = fc.sample(fc.record({ subject: Words(2), text: Words(3) }), {
      numRuns: 24,
      seed: 7,
    });
    const queueId = await captured(
      mails.map(({ subject, text }, n) => ({ subject: `${subject.join(' ')} ${n}`, bodyText: text.join(' ') })),
    );
    const Limits = fc.record({
      fewMatches: fc.constantFrom(-1, 1_000),
      fewCandidates: fc.constantFrom(-1, 1_000),
      documents: fc.integer({ min: 4, max: 80 }),
      items: fc.integer({ min: 4, max: 80 }),
    });
    const Asked = fc.record({
      terms: fc.array(Term, { minLength: 1, maxLength: 3 }),
      order: fc.constantFrom(...searchOrders),
      limit: fc.integer({ min: 3, max: 20 }),
      limits: Limits,
      isQueueNamed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(Asked, async ({ terms, order, limit, limits, isQueueNamed }) => {
        const found: string[] = [];
        // Many queues are walked by documents, few by items.
        const reach = isQueueNamed ? { queueId } : { allowedQueues: [queueId, ...manyQueues] };
        let after: Search['after'];
        do {
          const asked = { query: query(`${terms.map(typed).join(' ')} `), order, limit: limit + 1, after, ...reach };
          const { hits, goesOnAt } = await searchMessages(db, asked, limits);
          const shown = hits.slice(0, limit);
          found.push(...shown.map(({ item }) => item.subject));
          after = hits.length > limit ? shown.at(-1)?.position : goesOnAt;
        } while (after);
        const expected = mails
          .flatMap((mail, n) =>
            terms.every((term) => has(mail, term) !== term.isExcluded) ? [`${mail.subject.join(' ')} ${n}`] : [],
          )
          .toReversed();
        if (order === 'newest') expect(found).toEqual(expected);
        else expect(found.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 40 },
    );
  });
  const manyQueues = Array.from({ length: 20 }, () => randomUUID());

  it('says how far it came, and no more than that once it read all', async () => {
    const queueId = await captured(Array.from({ length: 6 }, (_, n) => ({ subject: `green blue lamps ${n}` })));
    const limits = { fewMatches: -1, fewCandidates: -1, documents: 4, items: 4 };
    const asked = { query: query('"lamps green" '), order: 'newest', limit: 9, after: undefined, queueId } as const;
    const first = await searchMessages(db, asked, limits);
    expect(first.hits).toEqual([]);
    expect(first.goesOnAt?.receivedAt).toEqual(new Date('2026-05-01T10:00:02Z'));
    const second = await searchMessages(db, { ...asked, after: first.goesOnAt }, limits);
    expect(second).toMatchObject({ hits: [], goesOnAt: undefined });
    // Words alone are decided by the index.
    const words = await searchMessages(db, { ...asked, query: query('green xyzzy ') }, limits);
    expect(words).toMatchObject({ hits: [], goesOnAt: undefined });
  });
});

describe('indexing', () => {
  it('takes each message once, the newest first, also with several workers', async () => {
    const queueId = await aQueue(db);
    const accountId = await anAccount(db, { defaultQueueId: queueId });
    const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
    await insertMessages(
      db,
      accountId,
      Array.from({ length: 30 }, () => aMessage({ subject: 'Shared work' })),
      router,
    );
    expect(await countPending(db, 10)).toBe(10);
    const batches = await Promise.all(Array.from({ length: 4 }, () => indexPending(db, 10)));
    await indexAll();
    expect(batches.reduce((sum, { indexed }) => sum + indexed, 0)).toBeGreaterThan(0);
    expect(await find(queueId, 'shared')).toHaveLength(30);
    expect(await countPending(db, 10)).toBe(0);
  });

  it('writes documents of earlier rules again, the newest first, until there are none', async () => {
    const queueId = await captured(['one', 'two', 'three'].map((subject) => ({ subject: `Respelt ${subject}` })));
    // As a process of the release before would write them.
    await sql`update search_documents set document = to_tsvector('old'), folding = default from items
      where items.message_id = search_documents.message_id and queue_id = ${queueId}`.execute(db);
    expect(await find(queueId, 'respelt')).toEqual([]);
    expect(await noteOutdated(db, 2)).toBe(2);
    await indexAll();
    expect(await find(queueId, 'respelt')).toEqual(['Respelt three', 'Respelt two']);
    expect(await noteOutdated(db, 2)).toBe(1);
    await indexAll();
    expect(await find(queueId, 'respelt')).toHaveLength(3);
    expect(await noteOutdated(db, 2)).toBe(0);
  });

  it('does not try again to renew a document that PostgreSQL refuses', async () => {
    const queueId = await captured([{ subject: 'Kept document' }]);
    await sql`
      update search_documents set folding = default from items
      where items.message_id = search_documents.message_id and queue_id = ${queueId}
    `.execute(db);
    await sql`
      create function refuse_kept() returns trigger language plpgsql as $$ begin
        raise exception using errcode = '54000';
      end $$;
      create trigger refuse_kept before insert on search_documents for each row execute function refuse_kept()
    `.execute(db);
    expect(await noteOutdated(db, 10)).toBe(1);
    expect((await indexPending(db, 10)).refused).toHaveLength(1);
    await sql`drop trigger refuse_kept on search_documents`.execute(db);
    expect(await noteOutdated(db, 10)).toBe(0);
    expect(await find(queueId, 'kept')).toEqual(['Kept document']);
  });

  it('goes on after a message that PostgreSQL cannot index', async () => {
    const queueId = await aQueue(db);
    const accountId = await anAccount(db, { defaultQueueId: queueId });
    const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
    const messages = ['fine one', 'refused one', 'fine two'].map((subject) => aMessage({ subject }));
    await insertMessages(db, accountId, messages, router);
    await sql`
      create function refuse() returns trigger language plpgsql as $$ begin
        if new.document @@ 'refused'::tsquery then raise exception using errcode = '54000'; end if;
        return new;
      end $$;
      create trigger refuse before insert on search_documents for each row execute function refuse()
    `.execute(db);
    const { indexed, refused } = await indexPending(db, 10);
    await sql`drop trigger refuse on search_documents`.execute(db);
    expect([indexed, refused.length]).toEqual([2, 1]);
    expect(await find(queueId, 'fine')).toHaveLength(2);
    expect(await countPending(db, 10)).toBe(0);
  });
});

describe('another spelling', () => {
  it('is proposed from the words of several subjects, and only where none has the word itself', async () => {
    await captured(Array.from({ length: 3 }, () => ({ subject: 'Kündigung Kaffeemaschine' })));
    await captured([{ subject: 'Geheimnis' }]);
    expect(await renewSearchWords(db)).toBe(true);
    expect(await renewSearchWords(db)).toBe(false);
    const proposed = async (text: string) => {
      const other = await respell(db, query(text));
      return other && searchAsText(other);
    };
    expect(await proposed('kaffemaschine 4711')).toBe('kaffeemaschine 4711');
    expect(await proposed('Kündigung kafeemaschine')).toBe('Kündigung kaffeemaschine');
    expect(await proposed('kaffeemaschine')).toBeUndefined();
    expect(await proposed('geheimniss')).toBeUndefined();
  });

  it('is not proposed where pg_trgm is missing, and everything else works', async () => {
    await sql`drop extension pg_trgm cascade`.execute(db);
    expect(await respell(db, query('kaffemaschine'))).toBeUndefined();
  });
});
