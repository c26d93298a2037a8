import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { listQuarantine } from '../../database/capture/quarantine-reads.ts';
import { createSubscriptionKeeping } from '../../ingest/access/keep-subscription.ts';
import {
  aPortal,
  aReset,
  changed,
  type LyingProxy,
  type PassingAnswer,
  startLyingProxy,
} from '../support/lying-proxy.ts';
import { createRunner, type Reader, startReader } from './reader.ts';

type Runner = ReturnType<typeof createRunner>;
type Lie = (answer: PassingAnswer) => PassingAnswer | typeof aReset;

let reader: Reader;
let proxy: LyingProxy;
let lied: Runner;
/** By mailbox: which requests are answered by a lie. */
const lies = new Map<string, { readonly of: RegExp; readonly lie: Lie }>();

beforeAll(async () => {
  reader = await startReader({ deltaPageSize: 4 });
  proxy = await startLyingProxy(reader.simulatorUrl);
  proxy.lie = async ({ person = '', url }, ask) => {
    const { of, lie } = lies.get(person) ?? {};
    return of?.test(decodeURIComponent(url)) ? lie?.(await ask()) : undefined;
  };
  lied = createRunner(liedTo());
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await reader.stop();
});

const liedTo = () => ({
  ...reader.dependencies,
  cloud: { ...reader.dependencies.cloud, graphUrl: proxy.url },
});
/** The simulator signs one person in at a time. */
const inTurn = pLimit(1);
const connect = () => inTurn(() => reader.connect());
const requestsOf = (address: string) => proxy.seen.filter(({ person }) => person === address).length;

interface Listed {
  readonly value?: readonly Record<string, unknown>[];
}
/** Changes every message of a page. */
const each = (change: (message: Record<string, unknown>, index: number) => object) => (answer: PassingAnswer) =>
  changed<Listed>(answer, (body) => ({ ...body, value: body.value?.map(change) }));
const refusal = (status: number): Lie => {
  const headers = { 'content-type': 'application/json' };
  return () => ({ status, headers, body: Buffer.from('{"error":{"code":"SomethingNew"}}') });
};
const delta = /\/messages\/delta/;

describe.concurrent('while delta lies, the list takes its place, with few requests, and nothing is lost or doubled', {
  timeout: 60_000,
}, () => {
  it.each<[string, Lie]>([
    ['a portal', () => aPortal],
    ['null', (answer) => ({ ...answer, body: Buffer.from('null') })],
    ['an object for a list', (answer) => changed(answer, (body) => ({ ...body, value: { a: 1 } }))],
    ['a body that is not packed as it says', (answer) => packed(answer)],
    ['205', (answer) => ({ ...answer, status: 205, body: Buffer.alloc(0) })],
    ['423', refusal(423)],
    [
      'a delta link to another host',
      (answer) =>
        changed<Record<string, unknown>>(answer, ({ '@odata.deltaLink': link, ...body }) => ({
          ...body,
          ...(link === undefined ? {} : { '@odata.deltaLink': 'https://graph.example/v1.0/me/messages/delta' }),
        })),
    ],
  ])('%s', async (_name, lie) => {
    const { id, address } = await connect();
    for (let n = 0; n < 6; n += 1) await reader.deliver(address, `mail ${n}`, { minutesAgo: 20 - n });
    lies.set(address, { of: delta, lie });
    const before = requestsOf(address);
    for (let turn = 0; turn < 5; turn += 1) await lied.drain(id);
    expect(requestsOf(address) - before).toBeLessThan(40);
    expect(await reader.subjects(id)).toEqual([0, 1, 2, 3, 4, 5].map((n) => `mail ${n}`));
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done', deltaTrouble: expect.any(String) });
    lies.delete(address);
    await reader.deliver(address, 'mail 6', { minutesAgo: 1 });
    await lied.drain(id);
    expect(await reader.subjects(id)).toHaveLength(7);
  });
});

function packed(answer: PassingAnswer): PassingAnswer {
  return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' } };
}

describe.concurrent('a page with one message that is odd', { timeout: 60_000 }, () => {
  it.each([
    ['an id of ten thousand letters', { id: Array.from({ length: 10_000 }, (_, n) => (n * n) % 7).join('') }],
    ['an id with NUL', { id: 'a\0b' }],
    ['a number for its id', { id: 5 }],
    ['no id', { id: undefined }],
    ['members so deep that they cannot be written', { id: undefined, deep: null }],
  ])('(%s) is captured but for that one, which is in quarantine', async (_name, change) => {
    const { id, address } = await connect();
    for (let n = 0; n < 3; n += 1) await reader.deliver(address, `mail ${n}`);
    const lie = each((message) => (message.subject === 'mail 1' ? { ...message, ...change } : message));
    lies.set(address, { of: delta, lie: (answer) => withDepth(lie(answer)) });
    expect(await lied.drain(id)).toMatchObject({ captured: 2, quarantined: 1 });
    expect(await reader.subjects(id)).toEqual(['mail 0', 'mail 2']);
    expect(await listQuarantine(reader.db, id, { resolved: false, limit: 5 })).toHaveLength(1);
  });

  it('(it answers under another id when it is read alone) is captured under the one that it is known by', async () => {
    const { id, address } = await connect();
    const { id: graphId } = await reader.deliver(address, 'mail');
    const isAlone = /\/messages\/(?!delta)[^/]+\?/;
    lies.set(address, {
      of: /\/messages\//,
      lie: (answer) =>
        changed<Listed & { id?: string }>(answer, (body) => {
          if (body.value === undefined) return { ...body, id: `${body.id}-moved` };
          return { ...body, value: body.value.map((message) => ({ id: message.id, isRead: true })) };
        }),
    });
    await lied.drain(id);
    await lied.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail']);
    const { graphId: known } = await reader.db
      .selectFrom('messages')
      .select('graphId')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(known).not.toContain('moved');
    expect(graphId).not.toBe('');
    expect(proxy.seen.filter(({ person, url }) => person === address && isAlone.test(url))).toHaveLength(1);
  });

  it('(the next page of its attachments is elsewhere) is captured without them', async () => {
    const { id, address } = await connect();
    await reader.deliver(address, 'mail');
    lies.set(address, {
      of: /messages/,
      lie: (answer) =>
        changed<Listed>(answer, (body) => {
          const isDelta = body.value?.some((entry) => 'subject' in entry) || '@odata.deltaLink' in body;
          if (!isDelta) return { ...body, '@odata.nextLink': 'https://graph.example/v1.0/me' };
          return { ...body, value: body.value?.map((message) => ({ ...message, hasAttachments: true })) };
        }),
    });
    await lied.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail']);
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
  });
});

describe.concurrent('a mail', { timeout: 60_000 }, () => {
  const dated = (receivedDateTime: string): Lie =>
    each((message) => ('receivedDateTime' in message ? { ...message, receivedDateTime } : message));

  it('with the empty date of .NET is captured, although its account only captures what is new', async () => {
    const { id, address } = await connect();
    const captureFrom = new Date(Date.now() - 60_000);
    await reader.db.updateTable('accounts').set({ captureFrom }).where('id', '=', id).execute();
    await reader.deliver(address, 'mail', { minutesAgo: 0 });
    lies.set(address, { of: delta, lie: dated('0001-01-01T00:00:00Z') });
    await lied.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail']);
  });

  it('from the future waits from now on, and does not carry the list beyond what comes then', async () => {
    const { id, address } = await connect();
    await reader.deliver(address, 'from the future');
    lies.set(address, {
      of: /messages\/delta|\$orderby/,
      lie: (answer) => {
        const body = JSON.parse(answer.body.toString()) as Listed;
        return body.value?.some((message) => 'body' in message) || '@odata.deltaLink' in body
          ? refusal(400)(answer)
          : dated('9999-12-31T23:59:59.9999999Z')(answer);
      },
    });
    await lied.drain(id);
    lies.set(address, { of: delta, lie: refusal(400) });
    await reader.deliver(address, 'from now', { minutesAgo: 1 });
    await lied.drain(id);
    expect(await reader.subjects(id)).toEqual(['from now', 'from the future']);
  });

  it('from the future is not younger than what comes after it', async () => {
    const { id, address } = await connect();
    await reader.deliver(address, 'from the future');
    lies.set(address, { of: delta, lie: dated('9999-12-31T23:59:59.9999999Z') });
    await lied.drain(id);
    const { receivedAt } = await reader.db
      .selectFrom('items')
      .select('receivedAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(receivedAt.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it('with a date without a zone was received then in UTC', async () => {
    const { id, address } = await connect();
    await reader.deliver(address, 'mail');
    lies.set(address, { of: delta, lie: dated('2026-03-01T12:00:00.1234567') });
    await lied.drain(id);
    const [message] = await reader.db.selectFrom('messages').select('receivedAt').where('accountId', '=', id).execute();
    expect(message?.receivedAt.toISOString()).toBe('2026-03-01T12:00:00.123Z');
  });
});

describe('connections to Microsoft that break', { timeout: 60_000 }, () => {
  it('are not reported as failures of the database', async () => {
    const { id, address } = await connect();
    lies.set(address, { of: /messages|mailFolders/, lie: () => aReset });
    const shown = { conditionType: 'Unavailable', conditionReason: 'network', conditionCode: 'ECONNRESET' };
    await expect(lied.drain(id)).rejects.toMatchObject({ type: 'Unavailable', details: [{ reason: 'network' }] });
    expect(await findAccount(reader.db, id)).toMatchObject(shown);
  });
});

describe.concurrent('a subscription', { timeout: 60_000 }, () => {
  it.each([
    ['that is over', '2020-01-01T00:00:00Z', 4, 6],
    ['that ends in centuries', '9999-12-31T23:59:59.9999999Z', 4_000, 6_000],
  ])(
    '%s is renewed in its time, not at once and not never',
    async (_name, expirationDateTime, fromMinutes, toMinutes) => {
      const { id, address } = await connect();
      lies.set(address, {
        of: /\/subscriptions/,
        lie: () => ({
          status: 201,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(JSON.stringify({ id: `made-up-${id}`, expirationDateTime })),
        }),
      });
      const keeping = createSubscriptionKeeping({ ...liedTo(), notificationUrl: 'http://localhost:9' });
      const { dueAt } = await keeping.keepSubscription(id, new AbortController().signal);
      const minutes = (dueAt - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(fromMinutes);
      expect(minutes).toBeLessThan(toMinutes);
    },
  );
});

/** `JSON.stringify` cannot write what `JSON.parse` can read. */
function withDepth(answer: PassingAnswer): PassingAnswer {
  const nested = `"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  return { ...answer, body: Buffer.from(answer.body.toString().replace('"deep":null', nested)) };
}
