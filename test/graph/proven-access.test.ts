import { describe, expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import { type HttpServer, send, startHttpServer } from './http-server.ts';
import { sample } from './sample.ts';

const root = '/v1.0/users/desk%40contoso.example';
const proof = `${root}/mailFolders/inbox/messages?$top=1&$select=id`;
const inbox = { start: { folder: 'inbox' } };
const page = { pageSize: 1 };

type Refusal = readonly [status: number, code?: string];
const noFolder: Refusal = [404, 'ErrorItemNotFound'];
const noMailFolder: Refusal = [404, 'ErrorFolderNotFound'];
const denied: Refusal = [403, 'ErrorAccessDenied'];

/** A mailbox that refuses everything, and whose inbox may be readable nevertheless. */
function refusing([status, code]: Refusal, inboxRefusal?: Refusal): Promise<HttpServer> {
  return startHttpServer(({ url }, response) => {
    if (url !== proof) send(response, status, code && { error: { code } });
    else if (inboxRefusal) send(response, inboxRefusal[0], { error: { code: inboxRefusal[1] } });
    else send(response, 200, { value: [] });
  });
}

function aClient({ url }: HttpServer, sharedAddress: string | undefined = 'desk@contoso.example') {
  return createMailboxClient({
    cloud: microsoftCloud('simulator', url),
    sharedAddress,
    getAccessToken: async () => 'token',
  });
}

const readings = {
  'a delta page at a link': (server: HttpServer) =>
    aClient(server).readDeltaPage(
      { link: `${server.url}${root}/mailFolders/inbox/messages/delta?$deltatoken=x` },
      page,
    ),
  'the first delta page': (server: HttpServer) => aClient(server).readDeltaPage(inbox, page),
  'a list of the inbox': (server: HttpServer) => aClient(server).listInbox({ from: new Date(0) }),
  'a message': (server: HttpServer) => aClient(server).readMessage('m'),
  'the attachments of a message': (server: HttpServer) => aClient(server).readAttachments('m'),
};
type Reading = keyof typeof readings;

describe('a shared mailbox', () => {
  test('is read by its address, and never asked for as a user', async () => {
    await using server = await startHttpServer(({ url }, response) => {
      if (url.startsWith('/v1.0/me?')) send(response, 200, { id: 'oid', userPrincipalName: 'anna@contoso.example' });
      else if (url.includes('/delta')) send(response, 200, { value: [], '@odata.deltaLink': 'x' });
      else if (url.includes('/attachments') || url === proof) send(response, 200, { value: [] });
      else send(response, 200, sample('message-get-full'));
    });
    const client = aClient(server);
    expect(await client.readIdentity()).toMatchObject({ addresses: ['anna@contoso.example'] });
    await client.proveAccess();
    await client.readDeltaPage(inbox, page);
    await client.readMessage('m');
    await client.readAttachments('m');
    expect(server.seen.map(({ url }) => url.split('?')[0])).toEqual([
      '/v1.0/me',
      `${root}/mailFolders/inbox/messages`,
      `${root}/mailFolders/inbox/messages/delta`,
      `${root}/messages/m`,
      `${root}/messages/m/attachments`,
    ]);
  });

  test.each([[noFolder], [noMailFolder], [denied]])(
    'is not accessible when proof of access gives %j',
    async (refusal) => {
      await using server = await refusing(refusal, refusal);
      for (const call of [aClient(server).proveAccess(), aClient(server).readDeltaPage(inbox, page)]) {
        await expect(call).rejects.toMatchObject({
          type: 'AccessRefused',
          reason: 'mailbox-access-denied',
          status: refusal[0],
          code: refusal[1],
        });
      }
    },
  );

  test.each([
    [[404, 'ErrorInvalidUser'], 'MailboxGone', 'name-unknown'],
    [[404, 'ErrorGroupIsUsedInNonGroupURI'], 'MailboxGone', 'group-not-mailbox'],
    [[404, 'MailboxNotEnabledForRESTAPI'], 'MailboxGone', 'mailbox-not-enabled'],
    [[401, 'InvalidAuthenticationToken'], 'AccessRefused', 'token-refused'],
    [[429, 'TooManyRequests'], 'Throttled', 'rate-limited'],
  ] as const)('that gives %j to the proof of access is no matter of access', async (refusal, type, reason) => {
    await using server = await refusing(refusal, refusal);
    await expect(aClient(server).proveAccess()).rejects.toMatchObject({ type, reason });
  });

  const everything = (Object.keys(readings) as Reading[]).flatMap((reading) =>
    [noFolder, noMailFolder, denied].map((refusal) => [reading, refusal] as const),
  );

  test.each(everything)('%s that gives %j while the inbox is closed, too, is lost access', async (reading, refusal) => {
    await using server = await refusing(refusal, noFolder);
    await expect(readings[reading](server)).rejects.toMatchObject({
      type: 'AccessRefused',
      reason: 'mailbox-access-denied',
    });
  });

  test.each([
    ['a delta page at a link', noFolder, { type: 'CursorExpired', reason: 'folder-gone' }],
    ['a delta page at a link', denied, { type: 'CursorExpired', reason: 'delta-refused' }],
    ['the first delta page', noFolder, { type: 'CursorExpired', reason: 'delta-refused' }],
    ['the first delta page', denied, { type: 'CursorExpired', reason: 'delta-refused' }],
    ['the first delta page', noMailFolder, { type: 'CursorExpired', reason: 'delta-refused' }],
    ['a list of the inbox', denied, { type: 'Unavailable', reason: 'service-down' }],
    ['the attachments of a message', noFolder, { type: 'MessageRejected', reason: 'gone-before-read' }],
    ['a message', denied, { type: 'MessageRejected', reason: 'unreadable' }],
    ['the attachments of a message', denied, { type: 'MessageRejected', reason: 'unreadable' }],
  ] as const)('%s that gives %j while the inbox is open is %o', async (reading, refusal, expected) => {
    await using server = await refusing(refusal);
    await expect(readings[reading](server)).rejects.toMatchObject(expected);
    expect(server.seen.map(({ url }) => url)).toContain(proof);
  });

  test('has lost a message when it is gone and the inbox is open', async () => {
    await using server = await refusing(noFolder);
    expect(await aClient(server).readMessage('m')).toBeUndefined();
    expect(server.seen).toHaveLength(2);
  });

  test('is asked again later when the answer does not show whether there is access', async () => {
    await using server = await refusing(noFolder, [429, 'TooManyRequests']);
    await expect(aClient(server).readMessage('m')).rejects.toMatchObject({ type: 'Throttled' });
  });

  test('whose delta state is lost or full is no matter of access, and costs no proof', async () => {
    for (const [refusal, reason] of [
      [[410, 'SyncStateNotFound'], 'sync-state-lost'],
      [[403, 'ErrorQuotaExceeded'], 'quota-exceeded'],
    ] as const) {
      await using server = await refusing(refusal);
      await expect(readings['a delta page at a link'](server)).rejects.toMatchObject({ type: 'CursorExpired', reason });
      expect(server.seen).toHaveLength(1);
    }
  });
});

describe("one's own mailbox", () => {
  const own = (server: HttpServer) =>
    createMailboxClient({ cloud: microsoftCloud('simulator', server.url), getAccessToken: async () => 'token' });
  const refusingAll = (inboxRefusal?: Refusal) =>
    startHttpServer(({ url }, response) => {
      const isProof = url === '/v1.0/me/mailFolders/inbox/messages?$top=1&$select=id';
      if (isProof && inboxRefusal === undefined) send(response, 200, { value: [] });
      else send(response, 403, { error: { code: 'ErrorAccessDenied' } });
    });

  test('that refuses one message while its inbox is open has a message that cannot be read', async () => {
    await using server = await refusingAll();
    await expect(own(server).readMessage('m')).rejects.toMatchObject({ type: 'MessageRejected', reason: 'unreadable' });
    await expect(own(server).readAttachments('m')).rejects.toMatchObject({
      type: 'MessageRejected',
      code: 'ErrorAccessDenied',
    });
  });

  test('that refuses delta while its inbox is open is read by its list', async () => {
    await using server = await refusingAll();
    await expect(own(server).readDeltaPage(inbox, page)).rejects.toMatchObject({
      type: 'CursorExpired',
      reason: 'delta-refused',
    });
  });

  test('that refuses everything is refused, with what was seen', async () => {
    await using server = await refusingAll(denied);
    const calls = [() => own(server).readMessage('m'), () => own(server).readDeltaPage(inbox, page)];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        type: 'AccessRefused',
        reason: 'access-denied',
        code: 'ErrorAccessDenied',
        status: 403,
      });
    }
  });
});
