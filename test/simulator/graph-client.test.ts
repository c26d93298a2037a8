import { Client, PageIterator, ResponseType } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';
import { startReceiver } from './start-receiver.ts';
import { aSubscription, inMinutes } from './subscribe.ts';

describe('Microsoft’s own client', () => {
  let running: RunningGraph;
  let client: Client;
  beforeAll(async () => {
    running = await startGraph();
    const token = await running.tokenFor(ADDRESS);
    // Its own authentication adds no token to plain http: the only thing of it that is replaced.
    client = Client.initWithMiddleware({
      baseUrl: `${running.url}/`,
      middleware: {
        async execute(context) {
          const headers = new Headers(context.options?.headers as Record<string, string>);
          headers.set('authorization', `Bearer ${token}`);
          context.response = await fetch(context.request, { ...(context.options as RequestInit), headers });
        },
      },
    });
    const template = { subject: 'Mail {n}', text: 'Text {n}' };
    await running.control('POST', `/mailboxes/${ADDRESS}/messages/bulk`, { count: 25, template });
  });
  afterAll(() => running.close());

  it('reads who is signed in', async () => {
    expect(await client.api('/me').select(['mail', 'id']).get()).toMatchObject({ mail: ADDRESS });
  });

  it('iterates over the pages of a list', async () => {
    const first = await client.api('/me/mailFolders/inbox/messages').select('subject').top(10).get();
    const subjects = first.value.map((message: { subject: string }) => message.subject);
    let next = relative(first['@odata.nextLink']);
    while (next !== undefined) {
      const page = await client.api(next).get();
      subjects.push(...page.value.map((message: { subject: string }) => message.subject));
      next = relative(page['@odata.nextLink']);
    }
    expect(new Set(subjects).size).toBe(25);
  });

  it('walks a delta with its page iterator', async () => {
    const first = await client
      .api('/me/mailFolders/inbox/messages/delta')
      .header('Prefer', 'odata.maxpagesize=100, IdType="ImmutableId"')
      .get();
    const ids: string[] = [];
    const iterator = new PageIterator(client, first, (message) => ids.push(message.id) > 0);
    await iterator.iterate();
    expect(new Set(ids).size).toBe(25);
    expect(iterator.getDeltaLink()).toBe(first['@odata.deltaLink']);
  });

  it('gets the bytes of a mail', async () => {
    const [message] = (await client.api('/me/messages').top(1).get()).value;
    const bytes = await client.api(`/me/messages/${message.id}/$value`).responseType(ResponseType.ARRAYBUFFER).get();
    expect(Buffer.from(bytes).toString()).toContain('Message-ID: <');
  });

  it('throws its GraphError with our code and request id', async () => {
    await expect(client.api('/me/messages/nonsense').get()).rejects.toMatchObject({
      statusCode: 400,
      code: 'ErrorInvalidIdMalformed',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('subscribes, renews, lists and unsubscribes', async () => {
    const receiver = await startReceiver();
    try {
      const made = await client.api('/subscriptions').post(aSubscription(receiver));
      const expirationDateTime = inMinutes(2_000);
      const renewed = await client.api(`/subscriptions/${made.id}`).patch({ expirationDateTime });
      expect(renewed.expirationDateTime).toBe(expirationDateTime);
      expect((await client.api('/subscriptions').get()).value).toMatchObject([{ id: made.id }]);
      await client.api(`/subscriptions/${made.id}/reauthorize`).post({});
      await client.api(`/subscriptions/${made.id}`).delete();
      await expect(client.api(`/subscriptions/${made.id}`).get()).rejects.toMatchObject({ statusCode: 404 });
      const tooLong = aSubscription(receiver, { expirationDateTime: inMinutes(20_000) });
      await expect(client.api('/subscriptions').post(tooLong)).rejects.toMatchObject({
        code: 'ExtensionError',
        message: 'Subscription expiration can only be 10070 minutes in the future.',
      });
    } finally {
      await receiver.close();
    }
  });

  it('changes and moves a message', async () => {
    const [message] = (await client.api('/me/messages').top(1).get()).value;
    expect(await client.api(`/me/messages/${message.id}`).patch({ isRead: true })).toMatchObject({ isRead: true });
    const moved = await client.api(`/me/messages/${message.id}/move`).post({ destinationId: 'archive' });
    expect(moved.id).not.toBe(message.id);
    await client.api(`/me/messages/${moved.id}`).delete();
  });
});

/** The client takes absolute links only with https (facts about 3.0.7); over http it wants the path. */
function relative(link: string | undefined): string | undefined {
  return link === undefined ? undefined : link.slice(link.indexOf('/v1.0/') + '/v1.0'.length);
}
