import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachOfRoute } from '../../api/access/route-reach.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { indexPending } from '../../database/search/index-pending.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

interface Caller {
  readonly key: string | null;
  readonly headers?: Record<string, string>;
}
interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: {
    readonly content: Record<
      string,
      { readonly schema: { readonly $ref?: string; readonly examples?: readonly unknown[] } }
    >;
  };
}

const CUSTOMER = 'jo@example.net';
let api: TestApi;
let admin: Awaited<ReturnType<TestApi['browserOf']>>;
let accountId: string;
let mine: string;
let other: string;
let inMine: string;
let inOther: string;
let unqueued: string;
let draftOfOther: string;
/** Of a team that has the queue `mine` alone. */
let person: Caller & { readonly userId: string };
let supervisor: Caller & { readonly userId: string };
let key: Caller;
let operations: [method: string, path: string, operation: Operation][];
let schemas: Record<string, { readonly examples?: readonly unknown[] }>;

const asAdmin = (method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { key: null, headers: admin.headers, ...(body && { body }) });
const as = (who: Caller, method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { ...who, ...(body && { body }) });

async function itemIn(queueId: string | undefined, subject = 'Refund'): Promise<string> {
  const message = aMessage({ subject, from: { address: CUSTOMER, name: 'Jo' }, bodyText: 'zebra crossing' });
  const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
  await insertMessages(api.db, accountId, [message], router);
  const { id } = await api.db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select('items.id')
    .where('graphId', '=', message.graphId)
    .executeTakeFirstOrThrow();
  return id;
}

async function limited(profile: 'Agent' | 'Supervisor', email: string, teamId: string) {
  const { userId, headers } = await api.browserOf(profile, email);
  expect((await asAdmin('PATCH', `/users/${userId}`, { allQueues: false, teamIds: [teamId] })).status).toBe(200);
  return { key: null, headers, userId };
}

beforeAll(async () => {
  api = await startTestApi();
  admin = await api.browserOf('Admin', 'ada@contoso.example');
  accountId = await anAccount(api.db);
  [mine, other] = [await aQueue(api.db, 'Mine'), await aQueue(api.db, 'Other')];
  [inMine, inOther, unqueued] = [await itemIn(mine), await itemIn(other, 'Secret refund'), await itemIn(undefined)];
  while ((await indexPending(api.db, 100)).indexed > 0);
  const team = (await asAdmin('POST', '/teams', { name: 'Refunds', queueIds: [mine] })).json;
  person = await limited('Agent', 'bob@contoso.example', team.id);
  supervisor = await limited('Supervisor', 'sue@contoso.example', team.id);
  const made = { name: 'limited', profile: 'Supervisor', queueIds: [mine] };
  key = { key: (await asAdmin('POST', '/api-keys', made)).json.key };
  draftOfOther = (await api.call('POST', `/api/v1/items/${inOther}/drafts`, { body: { kind: 'reply' } })).json.id;
  const document = (await api.call('GET', '/openapi.json', { key: null })).json;
  schemas = document.components.schemas;
  operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { security }]) => security?.length !== 0)
      .map(([method, operation]): [string, string, Operation] => [method.toUpperCase(), path, operation]),
  );
});
afterAll(() => api.stop());

/** Of routes whose document has no example. */
const bodies: Readonly<Record<string, object>> = {
  notes: { text: 'Called.' },
  presence: { doing: 'looking' },
  reopen: { reason: 'Again.' },
  'image-sender': { remembered: true },
  'PUT tags': { tags: [] },
};

/** A body that the route's schema accepts, if it has one. */
function bodyOf(method: string, path: string, { requestBody }: Operation): object | undefined {
  const last = path.split('/').at(-1) ?? '';
  const given = requestBody && (bodies[last] ?? bodies[`${method} ${last}`]);
  if (given) return given;
  const { $ref, examples } = requestBody?.content['application/json']?.schema ?? {};
  const found = $ref ? schemas[$ref.split('/').at(-1) ?? '']?.examples : examples;
  return (found?.[0] as object | undefined) ?? (requestBody && {});
}

const objects = { queue: () => other, item: () => inOther, answer: () => draftOfOther } as const;
const inReachOf = { queue: () => mine, item: () => inMine } as const;
const fastifyPath = (path: string) => path.replace(/\{(\w+)\}/g, ':$1');

/** Within reach, they ask a workflow for what the mailbox has, and nothing runs one here. */
const readsMailbox = /message\.eml|attachments|web-link|special/;

describe('every route', () => {
  it('is weighed for those who see only part of the mail: a new one is refused to them until it is', () => {
    expect(operations.length).toBeGreaterThan(60);
    const unweighed = operations.filter(([, path]) => reachOfRoute(fastifyPath(path)) === undefined);
    expect(unweighed.map(([method, path]) => `${method} ${path}`)).toEqual([]);
    expect(reachOfRoute('/api/v1/items/:id/forgotten')).toBeUndefined();
  });

  it('answers for an object of another queue as for one that does not exist, to people and keys', async () => {
    const callers = { person: () => person, supervisor: () => supervisor, key: () => key };
    const tried: string[] = [];
    const known: string[] = [];
    for (const [method, path, operation] of operations) {
      const reach = reachOfRoute(fastifyPath(path)) as keyof typeof objects;
      if (!(reach in objects)) continue;
      for (const each of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
        const at = (id: string) =>
          path
            .replace('/api/v1', '')
            .replace('{id}', id)
            .replace(/\{\w+\}/, '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11') +
          (path.endsWith('/images') ? '?url=http://x.example/' : '');
        for (const [name, caller] of Object.entries(callers)) {
          const ask = async (id: string) => {
            const { headers = {}, ...who } = caller();
            const extra = { 'if-match': '"1"', 'idempotency-key': randomUUID() };
            const body = bodyOf(method, path, operation);
            const answer = await api.call(each, `/api/v1${at(id)}`, {
              ...who,
              headers: { ...headers, ...extra },
              ...(body && { body }),
            });
            const text = answer.text.replaceAll(id, 'ID').replace(/"instance":"[^"]*",?/, '');
            return { status: answer.status, text };
          };
          const there = await ask(objects[reach]());
          expect([each, path, name, there]).toEqual([each, path, name, await ask(randomUUID())]);
          expect([each, path, name, there.text]).toEqual([each, path, name, expect.not.stringContaining('Secret')]);
          tried.push(`${each} ${path} ${name}`);
          if (there.status !== 404) known.push(`${each} ${path} ${there.status}`);
          if (reach in inReachOf && each === 'GET' && there.status === 404 && !readsMailbox.test(path)) {
            const { text } = await ask(inReachOf[reach as keyof typeof inReachOf]());
            expect([path, name, text]).toEqual([path, name, expect.not.stringMatching(/no-such-(item|queue)/)]);
          }
        }
      }
    }
    expect(tried.length).toBeGreaterThan(150);
    // Refused by permissions or by the schema, before an id counts; and leaving an item that one was not at is no error.
    expect([...new Set(known)].sort()).toEqual([
      'DELETE /api/v1/items/{id}/presence 204',
      'DELETE /api/v1/queues/{id} 403',
      'PATCH /api/v1/queues/{id} 403',
      'POST /api/v1/drafts/{id}/attachments 400',
      'PUT /api/v1/items/{id}/image-sender 403',
    ]);
  });
});

describe('people of a team, and keys with limits,', () => {
  const everyone = () => [person, supervisor, key] as const;

  it('list, count and search only mail of their queues', async () => {
    for (const who of everyone()) {
      expect((await as(who, 'GET', '/queues')).json.queues).toMatchObject([{ id: mine, waiting: 1 }]);
      const { results, notIndexed } = (await as(who, 'GET', '/search?q=zebra')).json;
      expect(results.map(({ item }: { item: { id: string } }) => item.id)).toEqual([inMine]);
      expect(notIndexed).toBe(0);
      for (const narrowed of [`q=zebra&queue=${other}`, 'q=secret', 'state=unqueued', 'q=zebar&order=newest&tag=x']) {
        expect((await as(who, 'GET', `/search?${narrowed}`)).json).toMatchObject({ results: [], respelled: null });
      }
      const { mails, earlier } = (await as(who, 'GET', `/conversations/${inMine}`)).json;
      expect([...mails, ...earlier].map(({ itemId }) => itemId)).toEqual([inMine]);
    }
    expect((await asAdmin('GET', '/search?q=zebra')).json.results).toHaveLength(3);
    const all = (await asAdmin('GET', `/conversations/${inMine}`)).json;
    expect([...all.mails, ...all.earlier]).toHaveLength(3);
  });

  it('page on only through their queues, with a cursor that was made elsewhere as well', async () => {
    const second = await itemIn(other);
    const { nextCursor } = (await asAdmin('GET', `/queues/${other}/items?pageSize=1`)).json;
    expect(nextCursor).not.toBeNull();
    const from = await as(person, 'GET', `/queues/${mine}/items?order=newest&cursor=${nextCursor}`);
    expect(from.json.items.map(({ id }: { id: string }) => id)).not.toContain(second);
    expect((await as(person, 'GET', `/queues/${other}/items?cursor=${nextCursor}`)).json.reason).toBe('no-such-queue');
    const found = (await asAdmin('GET', '/search?order=newest&pageSize=1')).json;
    const { results } = (await as(person, 'GET', `/search?order=newest&cursor=${found.nextCursor}`)).json;
    for (const { item } of results) expect(item.queue.id).toBe(mine);
  });

  it('change nothing of other queues in bulk, move nothing there, and to no one who does not see it', async () => {
    const own = await itemIn(mine);
    for (const who of everyone()) {
      const bulk = async (ids: string[], action: object) =>
        (await as(who, 'POST', '/items/bulk', { ids, action })).json;
      const refused = [{ id: inOther, done: false, reason: 'no-such-item' }];
      expect((await bulk([inOther], { kind: 'complete' })).results).toMatchObject(refused);
      expect((await bulk([unqueued.toUpperCase()], { kind: 'tag', add: [] })).results).toMatchObject([{ done: false }]);
      const away = await bulk([own], { kind: 'move', queueId: other });
      expect(away.results).toMatchObject([{ done: false, reason: 'queue-missing' }]);
      expect((await as(who, 'POST', `/items/${own}/move`, { queueId: other })).json.reason).toBe('queue-missing');
      expect((await as(who, 'GET', `/canned-answers?item=${inOther}`)).json.reason).toBe('no-such-item');
    }
    const toPerson = (item: string) => asAdmin('POST', `/items/${item}/move`, { personId: person.userId });
    expect((await toPerson(inOther)).json.reason).toBe('person-without-queue');
    expect((await toPerson(own)).status).toBe(200);
  });

  it('find nothing of other queues among theirs, their answers or on the board', async () => {
    const { userId } = person;
    const text = 'Look at this.';
    expect((await asAdmin('POST', `/items/${inOther}/notes`, { text, mentions: [userId] })).status).toBe(201);
    await api.db
      .updateTable('answers')
      .set({ state: 'failed', sentBy: `user:${userId}` })
      .where('id', '=', draftOfOther)
      .execute();
    await asAdmin('POST', `/items/${inOther}/claim`, {});
    expect((await as(person, 'GET', '/items/mine')).json.mentioned).toEqual([]);
    expect((await asAdmin('GET', '/answers')).json.answers).toHaveLength(1);
    for (const who of [supervisor, key]) {
      expect((await as(who, 'GET', '/answers')).json.answers).toEqual([]);
      const board = (await as(who, 'GET', '/board')).json;
      expect(board.queues).toMatchObject([{ id: mine }]);
      // A colleague who is signed in, and none who works elsewhere.
      expect([board.held, board.agents]).toMatchObject([[], [{ actor: `user:${userId}`, claimed: 0, handled: 0 }]]);
    }
    expect((await asAdmin('GET', '/board')).json.held).toHaveLength(1);
    expect((await asAdmin('POST', `/items/${inOther}/complete`, {})).status).toBe(200);
    expect((await asAdmin('GET', '/board.csv')).text).toContain('Other');
    expect((await as(supervisor, 'GET', '/board.csv')).text.trim().split('\n')).toHaveLength(1);
    await asAdmin('POST', `/items/${inOther}/undo`, {});
    await asAdmin('POST', `/items/${inOther}/release`, {});
    await api.db.updateTable('answers').set({ state: 'draft', sentBy: null }).where('id', '=', draftOfOther).execute();
  });

  it('get no page of mailboxes and their routing, which concern all queues', async () => {
    for (const path of [
      '',
      `/${accountId}`,
      `/${accountId}/messages`,
      `/${accountId}/unqueued`,
      `/${accountId}/routing`,
    ]) {
      const { json } = await as(supervisor, 'GET', `/email/accounts${path}`);
      expect([path, json.reason]).toEqual([path, 'permission-missing']);
    }
    expect((await as(supervisor, 'GET', '/me')).json).toMatchObject({
      allQueues: false,
      permissions: expect.not.arrayContaining(['accounts.read', 'routing.read']),
    });
  });

  it('lose an item from sight when it is moved, even while they hold it, and see what is moved to them', async () => {
    const item = await itemIn(mine);
    expect((await as(person, 'POST', `/items/${item}/claim`, {})).status).toBe(200);
    expect((await asAdmin('POST', `/items/${item}/move`, { queueId: other })).status).toBe(200);
    expect((await as(person, 'GET', `/items/${item}`)).status).toBe(404);
    expect((await as(person, 'POST', `/items/${item}/complete`, {})).json.reason).toBe('no-such-item');
    expect((await as(person, 'GET', '/items/held')).text).not.toContain(item);
    expect((await asAdmin('POST', `/items/${item}/move`, { queueId: mine })).status).toBe(200);
    expect((await as(person, 'GET', `/items/${item}`)).status).toBe(200);
  });
});

describe('who sees what', () => {
  it('is set by teams, and changes with the next request', async () => {
    const team = (await asAdmin('POST', '/teams', { name: 'Later', userIds: [person.userId], queueIds: [] })).json;
    expect((await as(person, 'GET', `/items/${inOther}`)).status).toBe(404);
    expect((await asAdmin('PATCH', `/teams/${team.id}`, { queueIds: [other] })).json.queues).toMatchObject([
      { id: other },
    ]);
    expect((await as(person, 'GET', `/items/${inOther}`)).status).toBe(200);
    expect((await asAdmin('POST', '/teams', { name: 'LATER' })).json.reason).toBe('team-name-taken');
    const unknown = await asAdmin('PATCH', `/teams/${team.id}`, { userIds: [randomUUID()] });
    expect(unknown.json.errors).toMatchObject([{ path: '/userIds' }]);
    expect((await asAdmin('DELETE', `/teams/${team.id}`)).status).toBe(204);
    expect((await as(person, 'GET', `/items/${inOther}`)).status).toBe(404);
    expect((await asAdmin('GET', `/users/${person.userId}`)).json).toMatchObject({
      allQueues: false,
      readsMail: true,
      teams: [{ name: 'Refunds' }],
    });
    expect((await as(person, 'GET', '/teams')).json.reason).toBe('permission-missing');
  });

  it('is everything, for everyone who was there before', async () => {
    const { headers } = await api.browserOf('Agent', 'old@contoso.example');
    const old = { key: null, headers };
    expect((await as(old, 'GET', '/me')).json.allQueues).toBe(true);
    expect((await as(old, 'GET', '/queues')).json.queues).toHaveLength(3);
    expect((await as(old, 'GET', `/items/${unqueued}`)).status).toBe(200);
  });

  it('is not changed by oneself', async () => {
    for (const change of [{ allQueues: true }, { readsMail: false }, { teamIds: [] }]) {
      expect((await asAdmin('PATCH', `/users/${admin.userId}`, change)).json.reason).toBe('own-sight');
    }
  });

  it('leaves administrators who read no mail everything else', async () => {
    const { userId, headers } = await api.browserOf('Admin', 'ops@contoso.example');
    const operator = { key: null, headers };
    const made = await as(operator, 'POST', '/api-keys', { name: 'by ops', profile: 'Agent' });
    expect((await as({ key: made.json.key }, 'GET', `/items/${inMine}`)).status).toBe(200);
    expect((await asAdmin('PATCH', `/users/${userId}`, { readsMail: false })).status).toBe(200);
    const paths = [
      `/items/${inMine}`,
      `/queues/${mine}/items`,
      '/search?q=zebra',
      '/board',
      `/conversations/${inMine}`,
      '/answers',
      `/email/accounts/${accountId}/messages`,
      `/email/accounts/${accountId}/unqueued`,
      `/email/accounts/${accountId}/quarantine`,
    ];
    for (const path of paths) {
      const { json, text } = await as(operator, 'GET', path);
      expect([path, json.reason]).toEqual([path, 'permission-missing']);
      expect(text).toContain('kept from reading mail');
    }
    for (const path of ['/queues', '/users', '/email/accounts', '/teams', `/email/accounts/${accountId}/routing`]) {
      expect([path, (await as(operator, 'GET', path)).status]).toEqual([path, 200]);
    }
    // Nor by a key that they made.
    expect((await as({ key: made.json.key }, 'GET', `/items/${inMine}`)).json.reason).toBe('permission-missing');
    const again = await as(operator, 'POST', '/api-keys', { name: 'by ops again', profile: 'Admin' });
    expect((await as({ key: again.json.key }, 'GET', '/search?q=zebra')).json.reason).toBe('permission-missing');
    // With the person goes what limits their keys, and so do the keys.
    expect((await asAdmin('DELETE', `/users/${userId}`)).status).toBe(204);
    expect((await as({ key: again.json.key }, 'GET', '/me')).json.reason).toBe('key-unknown');
  });

  it('limits the keys of who made them, whatever their own limits are', async () => {
    const { userId, headers } = await api.browserOf('Admin', 'maker@contoso.example');
    const make = async (body: object) => {
      const created = await as({ key: null, headers }, 'POST', '/api-keys', {
        name: randomUUID(),
        profile: 'Agent',
        ...body,
      });
      return { key: created.json.key as string };
    };
    const [all, some] = [await make({}), await make({ queueIds: [other] })];
    expect((await as(all, 'GET', `/items/${inOther}`)).status).toBe(200);
    const { id } = (await asAdmin('GET', '/teams')).json.teams[0];
    expect(
      (await asAdmin('PATCH', `/users/${userId}`, { profile: 'Agent', allQueues: false, teamIds: [id] })).status,
    ).toBe(200);
    expect((await as(all, 'GET', `/items/${inOther}`)).status).toBe(404);
    expect((await as(all, 'GET', `/items/${inMine}`)).status).toBe(200);
    expect((await as(some, 'GET', `/items/${inOther}`)).status).toBe(404);
    expect((await as(some, 'GET', '/queues')).json.queues).toEqual([]);
  });
});
