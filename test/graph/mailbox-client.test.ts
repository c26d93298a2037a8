import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../domain/failure.ts';
import type { AccessTokenOptions } from '../../graph/client/middleware/authentication.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createMailboxClient, type MailboxClientOptions } from '../../graph/mail/mailbox-client.ts';
import { type Answer, type HttpServer, send, startHttpServer } from './http-server.ts';
import { sample } from './sample.ts';

const quickRetry = { retries: 3, firstDelayMs: 1, maxDelayMs: 20 };
const start = { start: { folder: 'inbox' } };
const emptyPage = (link: string) => ({ value: [], '@odata.deltaLink': link });

function aClient(server: HttpServer, options: Partial<MailboxClientOptions> = {}) {
  const asked: (AccessTokenOptions | undefined)[] = [];
  const client = createMailboxClient({
    cloud: microsoftCloud('simulator', server.url),
    getAccessToken: async (how) => `token-${asked.push(how)}`,
    retry: quickRetry,
    ...options,
  });
  return { ...client, asked };
}

async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error = await call.then(
    () => new Error('It succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof Failure) return error;
  throw error;
}

describe('reading a delta page', () => {
  test('asks for all that is stored, immutable ids and HTML, and then goes on at the link', async () => {
    await using server = await startHttpServer((request, response, number) =>
      send(response, 200, {
        value: [sample('message-with-file-attachments')],
        [number === 0 ? '@odata.nextLink' : '@odata.deltaLink']:
          `http://${request.headers.host}/v1.0/me/mailfolders('A=')/messages/delta?$skiptoken=a%2Bb=${number}`,
      }),
    );
    const client = aClient(server);
    const first = await client.readDeltaPage(
      { start: { folder: 'AQ/M=', receivedSince: new Date('2026-03-01T12:00:00Z') } },
      { pageSize: 50 },
    );
    expect(first).toMatchObject({ hasMore: true, entries: [{ kind: 'message' }] });
    const second = await client.readDeltaPage({ link: first.link }, { pageSize: 50 });
    expect(second.hasMore).toBe(false);

    const [firstRequest, secondRequest] = server.seen;
    const url = new URL(firstRequest?.url ?? '', server.url);
    expect(url.pathname).toBe('/v1.0/me/mailFolders/AQ%2FM%3D/messages/delta');
    expect(url.searchParams.get('$filter')).toBe('receivedDateTime ge 2026-03-01T12:00:00.000Z');
    expect(url.searchParams.get('$select')?.split(',')).toEqual(
      expect.arrayContaining(['id', 'subject', 'body', 'internetMessageHeaders', 'parentFolderId']),
    );
    expect(secondRequest?.url).toBe("/v1.0/me/mailfolders('A=')/messages/delta?$skiptoken=a%2Bb=0");
    for (const { headers } of server.seen) {
      expect(headers).toMatchObject({
        authorization: 'Bearer token-1',
        prefer: 'odata.maxpagesize=50, IdType="ImmutableId", outlook.body-content-type="html"',
        'user-agent': 'Mailroom',
        'client-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
      });
    }
    expect(client.asked).toEqual([undefined]);
  });

  test.each([
    [true, 'identity'],
    [undefined, expect.stringContaining('gzip')],
  ])('asks for compression where answers may be large: uncompressed %s', async (uncompressed, expected) => {
    await using server = await startHttpServer((_request, response) => send(response, 200, emptyPage('x')));
    await aClient(server, { uncompressed }).readDeltaPage(start, { pageSize: 50 });
    expect(server.seen[0]?.headers['accept-encoding']).toEqual(expected);
  });

  test('keeps a token in the link that looks like an address of another host', async () => {
    await using server = await startHttpServer((_request, response) => send(response, 200, emptyPage('x')));
    const query = '?$deltatoken=https://other.example/v1.0/me&n=1';
    await aClient(server).readDeltaPage({ link: `${server.url}/v1.0/me/messages/delta${query}` }, { pageSize: 1 });
    const url = new URL(server.seen[0]?.url ?? '', server.url);
    expect(url.pathname).toBe('/v1.0/me/messages/delta');
    expect(url.searchParams.get('$deltatoken')).toBe('https://other.example/v1.0/me');
  });

  test('never follows a link to another host, nor a malformed one', async () => {
    await using server = await startHttpServer((_request, response) => send(response, 200, emptyPage('x')));
    await using other = await startHttpServer((_request, response) => send(response, 200, emptyPage('x')));
    const client = aClient(server);
    const links = [
      `${other.url}/v1.0/me/mailFolders/inbox/messages/delta?$skiptoken=a`,
      `${server.url.replace('http:', 'https:')}/v1.0/me/messages/delta`,
      `${server.url.replace('//', '//user:pw@')}/v1.0/me/messages/delta`,
      `${server.url}/v1.0/users//messages/delta`,
      `${server.url}/beta/me/messages/delta`,
      `${server.url}/v1.0/../admin`,
      `${server.url}@other.example/v1.0/me`,
      '/v1.0/me/messages/delta',
      '',
    ];
    for (const link of links) {
      const failure = await failureOf(client.readDeltaPage({ link }, { pageSize: 1 }));
      expect(failure, link).toMatchObject({ type: 'CursorExpired', reason: 'sync-state-lost' });
    }
    expect(server.seen).toEqual([]);
    expect(other.seen).toEqual([]);
  });

  test('tells a lost state, a folder that is gone and a mailbox that is gone apart', async () => {
    const answers = [
      [410, 'SyncStateNotFound'],
      [404, 'ErrorItemNotFound'],
      [404, 'MailboxNotEnabledForRESTAPI'],
    ] as const;
    await using server = await startHttpServer((_request, response, number) => {
      const [status, code] = answers[number] ?? [500, ''];
      send(response, status, { error: { code } });
    });
    const client = aClient(server);
    const link = `${server.url}/v1.0/me/mailFolders/inbox/messages/delta?$deltatoken=a`;
    expect(await failureOf(client.readDeltaPage({ link }, { pageSize: 1 }))).toMatchObject({
      type: 'CursorExpired',
      reason: 'sync-state-lost',
    });
    expect(await failureOf(client.readDeltaPage({ start: { folder: 'x' } }, { pageSize: 1 }))).toMatchObject({
      type: 'CursorExpired',
      reason: 'folder-gone',
    });
    expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({
      type: 'MailboxGone',
      reason: 'mailbox-not-enabled',
    });
  });

  test.each([
    ['a body that is no JSON', '<html>proxy</html>', 'Unavailable'],
    ['a page cut short', '{"value":[', 'Unavailable'],
  ])('calls %s an outage', async (_name, body, type) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
    expect(await failureOf(aClient(server).readDeltaPage(start, { pageSize: 1 }))).toMatchObject({ type });
  });

  test('refuses a page that leads no further', async () => {
    await using server = await startHttpServer((_request, response) => send(response, 200, { value: [] }));
    await expect(aClient(server).readDeltaPage(start, { pageSize: 1 })).rejects.toMatchObject({
      type: 'Unavailable',
      reason: 'page-without-link',
      status: 200,
    });
  });
});

describe('when Graph does not work', () => {
  const withFaults = async (
    faults: Answer[],
    check: (client: ReturnType<typeof aClient>, server: HttpServer) => Promise<void>,
    options: Partial<MailboxClientOptions> = {},
  ) => {
    await using server = await startHttpServer((request, response, number) => {
      const fault = faults[number];
      if (fault) fault(request, response, number);
      else send(response, 200, emptyPage('x'));
    });
    await check(aClient(server, options), server);
  };
  const answering =
    (status: number, body?: unknown, headers?: Record<string, string>): Answer =>
    (_request, response) =>
      send(response, status, body, headers);
  const resetting: Answer = (_request, response) => void response.socket?.resetAndDestroy();

  test('gets over a reset connection, an empty 503 and a broken body', async () => {
    const breakingOff: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"value":[', () => response.destroy());
    };
    await withFaults([resetting, answering(503), breakingOff], async (client, server) => {
      expect(await client.readDeltaPage(start, { pageSize: 1 })).toMatchObject({ entries: [] });
      expect(server.seen).toHaveLength(4);
    });
  });

  test('gives up after three repeats, with what the last answer said', async () => {
    const unavailable = answering(503, { error: { code: 'ErrorServerBusy' } }, { 'request-id': 'r-1' });
    await withFaults([resetting, unavailable, unavailable, unavailable], async (client, server) => {
      expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({
        type: 'Unavailable',
        code: 'ErrorServerBusy',
        requestId: 'r-1',
      });
      expect(server.seen).toHaveLength(4);
    });
  });

  test('names the fault of the connection and nothing else', async () => {
    await withFaults([resetting, resetting, resetting, resetting], async (client, server) => {
      const failure = await failureOf(client.readDeltaPage(start, { pageSize: 1 }));
      expect(failure).toMatchObject({ type: 'Unavailable', reason: 'network' });
      expect(failure.cause).toBeUndefined();
      expect(failure.code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/);
      expect(failure.message).not.toContain(new URL(server.url).port);
    });
  });

  test('leaves a long wait to the caller', async () => {
    await withFaults([answering(503, undefined, { 'retry-after': '30' })], async (client, server) => {
      expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({
        type: 'Unavailable',
        retryAfterMs: 30_000,
      });
      expect(server.seen).toHaveLength(1);
    });
  });

  test('does not repeat what was throttled', async () => {
    const throttled = answering(429, sample('error-429-toomanyrequests'), { 'retry-after': '2.128' });
    await withFaults([throttled], async (client, server) => {
      expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({
        type: 'Throttled',
        retryAfterMs: 2_128,
      });
      expect(server.seen).toHaveLength(1);
    });
  });

  test('ends a body that hangs, once', async () => {
    const hanging: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"value":[');
    };
    await withFaults(
      [hanging],
      async (client, server) => {
        const askedAt = performance.now();
        expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({
          type: 'Unavailable',
          reason: 'network',
          code: 'timeout',
        });
        expect(performance.now() - askedAt).toBeGreaterThanOrEqual(99);
        expect(performance.now() - askedAt).toBeLessThan(3_000);
        expect(server.seen).toHaveLength(1);
      },
      { timeoutMs: 100 },
    );
  });

  test('throws the reason of the caller who cancelled, during a request and between two', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by Temporal');
    const cancelling: Answer = () => controller.abort(reason);
    await withFaults([cancelling], async (client) => {
      const { signal } = controller;
      await expect(client.readDeltaPage(start, { pageSize: 1, signal })).rejects.toBe(reason);
      await expect(client.readDeltaPage(start, { pageSize: 1, signal })).rejects.toBe(reason);
    });

    const later = new AbortController();
    const retryLater: Answer = (_request, response) => {
      send(response, 503);
      response.once('finish', () => setImmediate(() => later.abort(reason)));
    };
    await withFaults(
      [retryLater],
      async (client) => {
        await expect(client.readDeltaPage(start, { pageSize: 1, signal: later.signal })).rejects.toBe(reason);
      },
      { retry: { retries: 3, firstDelayMs: 60_000, maxDelayMs: 60_000 } },
    );
  });

  test('does not follow a redirect with the token', async () => {
    await using elsewhere = await startHttpServer((_request, response) => send(response, 200, emptyPage('x')));
    await withFaults([answering(302, undefined, { location: elsewhere.url })], async (client) => {
      await expect(client.readDeltaPage(start, { pageSize: 1 })).rejects.toMatchObject({
        reason: 'redirected',
        status: 302,
      });
    });
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('when Graph refuses the token', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
  const challenge = {
    'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
  };
  const refusal = { error: { code: 'InvalidAuthenticationToken' } };
  const refusing = (accepted: string | undefined, headers?: Record<string, string>) =>
    startHttpServer((request, response) => {
      if (request.headers.authorization === `Bearer ${accepted}`) send(response, 200, emptyPage('x'));
      else send(response, 401, refusal, headers);
    });

  test('asks once for a fresh one, and goes on with that', async () => {
    await using server = await refusing('token-2');
    const client = aClient(server);
    await client.readDeltaPage(start, { pageSize: 1 });
    await client.readDeltaPage(start, { pageSize: 1 });
    expect(client.asked).toEqual([undefined, { forceRefresh: true }]);
    expect(server.seen).toHaveLength(3);
  });

  test('renews once for requests side by side', async () => {
    await using server = await refusing('token-2');
    const client = aClient(server);
    await Promise.all(Array.from({ length: 4 }, () => client.readDeltaPage(start, { pageSize: 1 })));
    expect(client.asked).toEqual([undefined, { forceRefresh: true }]);
    expect(server.seen).toHaveLength(8);
  });

  test('asks again after a token could not be had', async () => {
    await using server = await refusing('good');
    let attempts = 0;
    const client = aClient(server, {
      async getAccessToken() {
        attempts += 1;
        if (attempts === 1) throw new Failure('Unavailable', 'Entra is down', { reason: 'service-down' });
        return 'good';
      },
    });
    expect(await failureOf(client.readDeltaPage(start, { pageSize: 1 }))).toMatchObject({ type: 'Unavailable' });
    expect(await client.readDeltaPage(start, { pageSize: 1 })).toBeDefined();
  });

  test('passes the claims of a challenge on', async () => {
    await using server = await refusing('token-2', challenge);
    const client = aClient(server);
    await client.readDeltaPage(start, { pageSize: 1 });
    expect(client.asked).toEqual([undefined, { claims }]);
  });

  test('gives up at the second refusal, and starts over the next time', async () => {
    await using server = await refusing(undefined, challenge);
    const client = aClient(server);
    const failure = await failureOf(client.proveAccess());
    expect(failure).toMatchObject({ type: 'AccessRefused', reason: 'token-refused' });
    expect(server.seen).toHaveLength(2);
    await failureOf(client.proveAccess());
    expect(client.asked).toEqual([undefined, { claims }, undefined, { claims }]);
  });

  test('lets the failure of getting a token through unchanged', async () => {
    await using server = await refusing('never');
    const failure = new Failure('SettingsRejected', 'The secret has expired', { reason: 'secret-expired' });
    const client = aClient(server, {
      async getAccessToken(options) {
        if (options) throw failure;
        return 'old';
      },
    });
    await expect(client.readDeltaPage(start, { pageSize: 1 })).rejects.toBe(failure);
  });
});

describe('reading by id', () => {
  test('gives the message, and undefined when it is gone', async () => {
    await using server = await startHttpServer((request, response) => {
      if (request.url.startsWith('/v1.0/me/messages/A%2FB%3D?$select=id,'))
        send(response, 200, sample('message-get-full'));
      else send(response, 404, { error: { code: 'ErrorItemNotFound' } });
    });
    const client = aClient(server);
    expect(await client.readMessage('A/B=')).toMatchObject({ subject: '9/9/2018: concert' });
    expect(await client.readMessage('gone')).toBeUndefined();
    expect(server.seen[0]?.headers.prefer).toContain('IdType="ImmutableId"');
  });

  test('rejects a message that cannot be read, and only that one', async () => {
    await using server = await startHttpServer((_request, response, number) => {
      if (number === 0) send(response, 200, { id: 'x', subject: 7 });
      else send(response, 400, { error: { code: 'ErrorInvalidRecipients' } });
    });
    const client = aClient(server);
    for (const id of ['odd', 'refused']) {
      expect(await failureOf(client.readMessage(id))).toMatchObject({ type: 'MessageRejected', reason: 'unreadable' });
    }
  });

  test('gives the attachments of all pages, without their content', async () => {
    await using server = await startHttpServer((request, response) => {
      const value = [sample('attachment-file'), sample('attachment-item-plain'), { name: 'no id' }];
      if (request.url.includes('$skip')) send(response, 200, { value: [sample('attachment-reference')] });
      else
        send(response, 200, {
          value,
          '@odata.nextLink': `http://${request.headers.host}/v1.0/me/messages/m/attachments?$skip=3`,
        });
    });
    const attachments = await aClient(server).readAttachments('m');
    expect(attachments.map(({ kind, size }) => [kind, size])).toEqual([
      ['file', 13_068],
      ['item', 32_005],
      ['reference', 1_060],
    ]);
    const select = new URL(server.seen[0]?.url ?? '', server.url).searchParams.get('$select');
    expect(select).toBe('id,name,contentType,size,isInline,microsoft.graph.fileAttachment/contentId');
  });

  test('asks without the content id, for good, once the cast was refused', async () => {
    await using server = await startHttpServer((request, response) => {
      if (request.url.includes('fileAttachment')) send(response, 400, { error: { code: 'RequestBroker--ParseUri' } });
      else send(response, 200, { value: [sample('attachment-file')] });
    });
    const client = aClient(server);
    expect(await client.readAttachments('m')).toHaveLength(1);
    expect(await client.readAttachments('m')).toHaveLength(1);
    expect(server.seen).toHaveLength(3);
  });

  test('says who signed in', async () => {
    await using server = await startHttpServer((_request, response) =>
      send(response, 200, { id: 'oid', mail: 'Help@x.example', userPrincipalName: 'help@x.example' }),
    );
    expect(await aClient(server).readIdentity()).toMatchObject({ objectId: 'oid', addresses: ['help@x.example'] });
    expect(server.seen[0]?.url).toBe('/v1.0/me?$select=id,mail,userPrincipalName,proxyAddresses');
  });
});

describe('the clock of the mail server', () => {
  const TEN_MINUTES = 600_000;
  const later = async (server: HttpServer, heldUpMs: number) => {
    const client = aClient(server, {
      async fetch(...request) {
        const response = await fetch(...request);
        vi.setSystemTime(Date.now() + heldUpMs);
        return response;
      },
    });
    await client.readDeltaPage(start, { pageSize: 1 });
    return client.clockSkewMs();
  };
  const answerAhead: Answer = (request, response) => {
    const date = new Date(Date.now() + TEN_MINUTES).toUTCString();
    send(response, 200, emptyPage(`http://${request.headers.host}/v1.0/me/x`), { date });
  };
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('is compared with ours by an answer that comes quickly', async () => {
    await using server = await startHttpServer(answerAhead);
    const skewMs = (await later(server, 100)) ?? 0;
    expect(Math.abs(skewMs - TEN_MINUTES)).toBeLessThan(2_000);
  });

  test('is not told by an answer that was held up, or lay unread while the process stood still', async () => {
    await using server = await startHttpServer(answerAhead);
    expect(await later(server, 20_000)).toBeUndefined();
  });
});
