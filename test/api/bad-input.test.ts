import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { openDatabase } from '../../database/database.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let address: URL;
beforeAll(async () => {
  api = await startTestApi();
  address = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
});
afterAll(() => api.stop());

const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json) =>
  api.call('POST', '/api/v1/queues', { body, headers });

describe('bad input is refused in words, as a problem document', () => {
  it.each([
    ['a wrong type', { name: 7 }, 400, '/name', 'must be a text', 'wrong-type'],
    ['a field that is missing', {}, 400, '/name', 'is missing', 'missing'],
    ['a field that is unknown', { name: 'x', colour: 'red' }, 400, '/colour', 'unknown field', 'unknown-field'],
    ['a list where an object belongs', [], 400, '', 'must be an object', 'wrong-type'],
    ['null where an object belongs', null, 400, '', 'must be an object', 'wrong-type'],
    ['a value that is too short', { name: '  ' }, 422, '/name', 'must not be empty', 'empty'],
    ['a value that shows nothing', { name: '\u200b\u2060' }, 422, '/name', 'must not be empty', 'empty'],
    [
      'a value that is too long',
      { name: 'x'.repeat(101) },
      422,
      '/name',
      'must have at most 100 characters',
      'too-long',
    ],
    [
      'control characters',
      { name: 'a\u0000b' },
      422,
      '/name',
      'must not contain control characters',
      'control-characters',
    ],
    ['half a character', { name: 'a\uD800b' }, 422, '/name', 'must be well-formed Unicode', 'not-well-formed'],
    [
      'what turns the direction of text',
      { name: 'a\u202Eb' },
      422,
      '/name',
      'must not contain control characters',
      'control-characters',
    ],
  ])('%s', async (_what, body, status, path, words, reason) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:mailroom:problem:/),
      title: expect.stringMatching(/\w/),
      detail: expect.stringMatching(/\w/),
      instance: expect.stringMatching(/^urn:uuid:/),
      reason: status === 400 ? 'request-malformed' : 'values-refused',
      errors: [{ path, detail: words, reason }],
    });
  });

  it.each([
    ['JSON that ends too early', '{"name":', 400],
    ['NaN', '{"name":NaN}', 400],
    ['__proto__', '{"name":"x","__proto__":{"admin":true}}', 400],
    ['constructor', '{"name":"x","constructor":{"prototype":{"admin":true}}}', 400],
    ['__proto__ in disguise', '{"name":"x","\\u005f_proto__":{"admin":true}}', 400],
    ['nothing', '', 400],
    ['50 MB', `{"name":"${'x'.repeat(50 * 1_048_576)}"}`, 413],
    ['very deep nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400],
  ])('%s', async (_what, body, status) => {
    const answer = await post(body);
    expect(answer.json).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
    expect(JSON.stringify(Object.getPrototypeOf({}))).toBe('{}');
  });

  it.each([
    ['twice', '{"name":"a","name":"b"}', 'name'],
    ['twice, once in disguise', '{"name":"a","\\u006eame":"b"}', 'name'],
    ['twice, deep inside', '{"name":{"a":[{"x":1},{"x":1,"y":{},"x":1}]}}', 'x'],
  ])('a property %s', async (_what, body, name) => {
    expect((await post(body)).json).toMatchObject({
      status: 400,
      reason: 'json-key-twice',
      detail: `The body has the property "${name}" twice in one object. Send it once.`,
      facts: { name },
    });
  });

  it('takes the same property in several objects, and in a text, for what it is', async () => {
    const answer = await post('{"name":"\\"name\\":{","colours":[{"a":1},{"a":1}]}');
    expect(answer.json).toMatchObject({ errors: [{ path: '/colours', reason: 'unknown-field' }] });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', 'nonsense'])(
    'a body of the type %s',
    async (type) => {
      const answer = await post('{"name":"x"}', { 'content-type': type });
      expect(answer.json).toMatchObject({ status: 415, detail: expect.stringContaining('application/json') });
    },
  );

  it('an address that does not exist', async () => {
    const answer = await api.call('GET', '/api/v1/nowhere?secret=1');
    expect(answer.json).toMatchObject({ status: 404, detail: expect.stringContaining('/docs') });
  });

  it.each(['/%', '/api/v1/queues/%E0%A4%A'])('an address that cannot be read: %s', async (path) => {
    const answer = await api.call('GET', path);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json'),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.json).toMatchObject({ status: 400, detail: expect.stringContaining('address') });
  });

  it.each([
    ['what is no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s', async (_what, request, status) => {
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    socket.end(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*content-type: application/problem\\+json`, 's'));
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
  });

  /** What the API answers on a bare connection. */
  async function send(request: string): Promise<{ head: string; body: string }> {
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    socket.write(request, 'latin1');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    return { head, body };
  }
  const close = 'Connection: close\r\n\r\n';

  it('every method that Node knows, on targets of every kind, without an error of ours', async () => {
    const targets = [
      '/',
      '//[',
      '///',
      '//a:b/',
      '//',
      '/\\',
      '*',
      'http://[',
      'http://x:99999/',
      '/%',
      '/%00',
      '//@',
      '//evil.example/..',
      '/docs//evil.example',
    ];
    const answers = await Promise.all(
      METHODS.flatMap((method) =>
        targets.map(async (target) => {
          const { head, body } = await send(`${method} ${target} HTTP/1.1\r\nHost: x\r\n${close}`);
          const status = Number(head.split(' ')[1]);
          return { method, target, status, head, body };
        }),
      ),
    );
    const pages = answers.filter(({ status }) => status === 200);
    expect(new Set(pages.map(({ method }) => method))).toEqual(new Set(['GET', 'HEAD']));
    for (const { method, target, status, head, body } of answers) {
      if (status === 200) continue;
      expect([method, target, status, [400, 404, 405].includes(status)]).toEqual([method, target, status, true]);
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      if (method !== 'HEAD') expect(JSON.parse(body)).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
    }
  });

  it('whatever stands in the first line, without an error of ours', async () => {
    const character = fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code));
    const piece = fc.oneof(
      character,
      fc.constantFrom('/', '//', '..', '%2e', '%5c', '?', '#', '@', ':', '[', ']', '\\', '\t'),
    );
    const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('GET', 'POST', 'QUERY', 'OPTIONS'), target, async (method, path) => {
        const { head } = await send(`${method} ${path} HTTP/1.1\r\nHost: x\r\n${close}`);
        const status = Number(head.split(' ')[1]);
        expect([status, status >= 200 && status < 500]).toEqual([status, true]);
        expect(head).not.toMatch(/\r\nlocation: *(\/\/|\/\\|\w+:)/i);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['CONNECT, as if it were a proxy', `CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n`, 405],
    ['a request without a host', `GET /healthz HTTP/1.1\r\n${close}`, 400],
    [
      'a length that contradicts the encoding',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      400,
    ],
    ['an expectation that nobody knows', `POST /healthz HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n${close}`, 405],
  ])('%s', async (_what, request, status) => {
    const { head, body } = await send(request);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.stringMatching(/\w/) });
  });

  it('a method that does not exist there, naming those that do', async () => {
    const answer = await api.call('DELETE', '/api/v1/queues');
    expect(answer.json).toMatchObject({ status: 405 });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it.each([
    '/api/v1/queues/not-an-id',
    '/api/v1/queues/01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11',
    `/api/v1/queues/${encodeURIComponent("' or 1=1 --")}`,
    `/api/v1/queues/${'0'.repeat(1_000)}`,
    '/api/v1/items/*',
  ])('an id of nothing: %s', async (path) => {
    expect((await api.call('GET', path)).json).toMatchObject({ status: 404, type: 'urn:mailroom:problem:not-found' });
  });

  it.each([
    ['page=0', 'too-small'],
    ['page=', 'too-small'],
    ['page=x', 'wrong-type'],
    ['page=NaN', 'wrong-type'],
    ['page=1.5', 'wrong-type'],
    ['pageSize=-1', 'too-small'],
    ['pageSize=1e9', 'too-large'],
    ['sort=password', 'not-among'],
    ['sort=status&sort=added', 'given-twice'],
    ['unknown=1', 'unknown-field'],
    ['search=%00', 'control-characters'],
  ])('a query that cannot be meant: %s', async (query, reason) => {
    const [name] = query.split('=');
    const { json } = await api.call('GET', `/api/v1/email/accounts?${query}`);
    expect(json).toMatchObject({ status: 400, errors: [{ path: `/${name}`, reason }] });
    expect(json.detail).toContain(name);
  });

  it('a query that no export can hold, before its answer begins', async () => {
    const { json } = await api.call('GET', '/api/v1/audit.csv?actor=%00');
    expect(json).toMatchObject({ status: 400, errors: [{ path: '/actor', reason: 'control-characters' }] });
  });

  it('a cursor that is not ours', async () => {
    const { id } = (await post(JSON.stringify({ name: 'For a cursor' }))).json;
    const early = ['-271821-04-20T00:00:00.000Z', id];
    for (const cursor of [
      'x',
      Buffer.from(JSON.stringify(early)).toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
      Buffer.from('[1]').toString('base64'),
    ]) {
      const answer = await api.call('GET', `/api/v1/queues/${id}/items?cursor=${encodeURIComponent(cursor)}`);
      expect(answer.json).toMatchObject({ status: 400, errors: [{ path: '/cursor', reason: 'no-cursor' }] });
    }
  });

  it('and nothing of it is written', async () => {
    const { queues } = (await api.call('GET', '/api/v1/queues')).json;
    expect(queues.map(({ name }: { name: string }) => name)).toEqual(['For a cursor']);
  });
});

describe('a request that arrives too slowly', () => {
  const head = 'POST /api/v1/queues HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const upload =
    'POST /api/v1/drafts/DRAFT/attachments?name=a.bin HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 4000000\r\n';
  let patient: TestApi;
  let at: URL;
  let draftId: string;
  beforeAll(async () => {
    patient = await startTestApi({ requestTimeoutMs: 300 });
    at = new URL(await patient.app.listen({ host: '127.0.0.1', port: 0 }));
    const accountId = await anAccount(patient.db, { address: 'slow@contoso.example' });
    const router = createRouter({ version: 1, defaultQueueId: await aQueue(patient.db), rules: [] });
    await insertMessages(patient.db, accountId, [aMessage()], router);
    const { id: itemId } = await patient.db.selectFrom('items').select('id').executeTakeFirstOrThrow();
    draftId = (await patient.call('POST', `/api/v1/items/${itemId}/drafts`, { body: { kind: 'reply' } })).json.id;
  });
  afterAll(() => patient.stop());

  /** Sends a request whose body arrives piece by piece, until the connection closes. */
  async function dripping(beginning: string, piece: string, pieces = Number.POSITIVE_INFINITY): Promise<string> {
    let sent = 0;
    const socket = connect({ host: at.hostname, port: Number(at.port) });
    socket.on('error', () => {});
    socket.write(beginning.replace('KEY', patient.apiKeys.Admin).replace('DRAFT', draftId));
    const drip = setInterval(() => {
      sent += 1;
      if (sent <= pieces) socket.write(piece);
    }, 20);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.startsWith('HTTP/1.1 201')) socket.destroy();
    });
    // `once` would fail where the connection is reset under the next piece.
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    return answer;
  }

  it.each([
    ['its headers', 'POST /api/v1/queues HTTP/1.1\r\nHost: x\r\nX-Slow: ', 408],
    ['a body that is welcome', `${head}Authorization: Bearer KEY\r\nContent-Length: 5000\r\n\r\n`, 408],
    ['a body that was refused already', `${head}Content-Length: 5000\r\n\r\n`, 401],
    ['a file, byte by byte', `${upload}Authorization: Bearer KEY\r\n\r\n`, 400],
  ])('is cut off, however steadily its bytes drip: %s', async (_what, beginning, status) => {
    expect(await dripping(beginning, 'x')).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('is a file that may take its time, as long as it goes on arriving', async () => {
    const startedAt = performance.now();
    const answer = await dripping(`${upload}Authorization: Bearer KEY\r\n\r\n`, 'x'.repeat(50_000), 80);
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    expect(await patient.db.selectFrom('answerAttachments').select('size').execute()).toEqual([{ size: 4_000_000 }]);
  });
});

describe('a database that is away', () => {
  it('is a 503 that says so, on requests and in /readyz, and nothing leaks', async () => {
    const db = openDatabase({ url: 'postgres://user:secret@127.0.0.1:9/x', poolSize: 1, applicationName: 'test' });
    const away = await startTestApi({ db, withoutKeys: true });
    try {
      const key = 'mailroom_000000000000000000000000000000000_000000';
      expect((await away.call('GET', '/api/v1/queues', { key })).status).toBe(401);
      const valid = api.apiKeys.Admin;
      const answer = await away.call('GET', '/api/v1/queues', { key: valid });
      expect(answer.json).toMatchObject({ status: 503, detail: expect.stringContaining('database') });
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.text).not.toMatch(/127\.0\.0\.1|secret|ECONN|at .*\.ts/);
      expect((await away.call('GET', '/readyz', { key: null })).json).toMatchObject({
        ready: false,
        database: 'down',
        detail: expect.stringContaining('PostgreSQL'),
      });
      expect((await away.call('GET', '/healthz', { key: null })).status).toBe(200);
      expect(away.log()).not.toContain('secret');
    } finally {
      await away.stop();
      await db.destroy();
    }
  });
});
