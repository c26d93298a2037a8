import { describe, expect, test } from 'vitest';
import { microsoftCloud } from '../../graph/cloud.ts';
import { parseInboxPage } from '../../graph/mail/inbox-list.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import { type HttpServer, send, startHttpServer } from './http-server.ts';

const from = new Date('2026-01-01T10:00:00Z');
const at = (second: number) => `2026-01-01T10:00:${String(second).padStart(2, '0')}Z`;
const message = (id: string, second: number) => ({ id, receivedDateTime: at(second), isDraft: false });

const aClient = (server: HttpServer, sharedAddress?: string) =>
  createMailboxClient({
    cloud: microsoftCloud('simulator', server.url),
    sharedAddress,
    getAccessToken: async () => 'token',
    retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
  });

describe('listing the inbox', () => {
  test('asks for immutable ids in the order of receipt, filtered by what it is ordered by', async () => {
    await using server = await startHttpServer((_, response) => send(response, 200, { value: [message('a', 1)] }));
    const before = new Date('2026-01-02T00:00:00Z');
    const slice = await aClient(server, 'shop@contoso.example').listInbox({ from, before });
    expect(slice).toEqual({
      messages: [{ id: 'a', receivedAt: new Date(at(1)), isDraft: false }],
      unlisted: [],
      next: undefined,
    });
    const url = new URL(server.seen[0]?.url ?? '', server.url);
    expect(url.pathname).toBe('/v1.0/users/shop%40contoso.example/mailFolders/inbox/messages');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      $select: 'id,receivedDateTime,isDraft',
      $filter: 'receivedDateTime ge 2026-01-01T10:00:00.000Z and receivedDateTime lt 2026-01-02T00:00:00.000Z',
      $orderby: 'receivedDateTime asc',
      $top: '1000',
    });
    expect(server.seen[0]?.headers.prefer).toContain('IdType="ImmutableId"');
  });

  test('leaves the last second of a page to the next slice, and never asks for $skip', async () => {
    await using server = await startHttpServer((request, response) =>
      send(response, 200, {
        value: [message('a', 1), message('b', 2), message('c', 2)],
        '@odata.nextLink': `http://${request.headers.host}/v1.0/me/mailFolders('A=')/messages?$skip=3`,
      }),
    );
    const { messages, next } = await aClient(server).listInbox({ from });
    expect([messages.map(({ id }) => id), next]).toEqual([['a'], new Date(at(2))]);
    expect(server.seen).toHaveLength(1);
  });

  test('follows the link while a second goes on behind the page, and where a page is empty', async () => {
    const pages = [[message('a', 1), message('b', 1)], [], [message('c', 1), message('d', 2)]];
    await using server = await startHttpServer((request, response, number) =>
      send(response, 200, {
        value: pages[number],
        '@odata.nextLink': `http://${request.headers.host}/v1.0/me/mailFolders('A=')/messages?$skip=${number}`,
      }),
    );
    const { messages, next } = await aClient(server).listInbox({ from });
    expect([messages.map(({ id }) => id), next]).toEqual([['a', 'b', 'c'], new Date(at(2))]);
    expect(server.seen[1]?.url).toContain('$skip=0');
  });

  test('follows no link to another host', async () => {
    await using server = await startHttpServer((_, response) =>
      send(response, 200, { value: [message('a', 1)], '@odata.nextLink': 'https://evil.example/v1.0/me/messages' }),
    );
    await expect(aClient(server).listInbox({ from })).rejects.toMatchObject({ name: 'UnexpectedAnswer' });
  });

  test('is not believed when it is out of order: going on from there would miss mail', async () => {
    await using server = await startHttpServer((_, response) =>
      send(response, 200, { value: [message('a', 5), message('b', 4)] }),
    );
    await expect(aClient(server).listInbox({ from })).rejects.toMatchObject({ name: 'UnexpectedAnswer' });
  });

  test('takes a message without a date as received with the one before it', () => {
    const value = [message('a', 3), { id: 'b', receivedDateTime: null }, { id: 'c', isDraft: true }, {}, null];
    const received = new Date(at(3));
    expect(parseInboxPage({ value }, from)?.messages).toEqual([
      { id: 'a', receivedAt: received, isDraft: false },
      { id: 'b', receivedAt: received, isDraft: false },
      { id: 'c', receivedAt: received, isDraft: true },
    ]);
    expect(parseInboxPage({ value: {} }, from)).toBeUndefined();
    expect(parseInboxPage(null, from)).toBeUndefined();
  });

  test('knows that Exchange filters by fractions of a second and tells none', () => {
    const page = parseInboxPage({ value: [message('a', 0)] }, new Date('2026-01-01T10:00:00.700Z'));
    expect(page?.messages).toHaveLength(1);
  });
});
