import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

describe('Messages', () => {
  let running: RunningGraph;
  beforeEach(async () => {
    running = await startGraph();
  });
  afterEach(() => running.close());

  const subjects = async (path: string) => {
    const { body } = await running.graph('GET', path);
    return body.value.map((message: { subject: string }) => message.subject);
  };
  const deliverByDay = async (count: number) => {
    for (let day = 1; day <= count; day += 1) {
      const receivedAt = `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`;
      await running.deliver({ subject: `Day ${day}` }, `?receivedDateTime=${receivedAt}`);
    }
  };

  it('are listed newest first, in pages that lead to each other and keep what was asked', async () => {
    await deliverByDay(12);
    const first = await running.graph('GET', '/me/messages?$select=subject&$count=true');
    expect(first.body['@odata.count']).toBe(12);
    expect(first.body.value).toHaveLength(10);
    expect(first.body.value[0].subject).toBe('Day 12');
    expect(first.body['@odata.nextLink']).toContain('$skip=10');
    const second = await running.graph('GET', first.body['@odata.nextLink']);
    expect(second.body.value.map((message: object) => Object.keys(message).sort())).toEqual(
      Array(2).fill(['@odata.etag', 'id', 'subject']),
    );
    expect(second.body).not.toHaveProperty(['@odata.nextLink']);
  });

  it('can be filtered, sorted, skipped and counted', async () => {
    await deliverByDay(5);
    const inbox = '/me/mailFolders/inbox/messages';
    expect(await subjects(`${inbox}?$orderby=receivedDateTime asc&$top=2`)).toEqual(['Day 1', 'Day 2']);
    expect(await subjects(`${inbox}?$top=2&$skip=3`)).toEqual(['Day 2', 'Day 1']);
    const since = '$filter=receivedDateTime ge 2026-03-04T12:00:00Z';
    expect(await subjects(`${inbox}?${since}`)).toEqual(['Day 5', 'Day 4']);
    expect(await subjects(`${inbox}?${since} and isRead eq true`)).toEqual([]);
    expect(
      await subjects(`${inbox}?$filter=receivedDateTime lt 2026-03-02T00:00:00Z&$orderby=receivedDateTime`),
    ).toEqual(['Day 1']);
    expect(await subjects(`${inbox}?$filter=contains(subject,'y 3')`)).toEqual(['Day 3']);
    expect(
      await subjects(
        `${inbox}?$filter=from/emailAddress/address eq 'SENDER@example.com' and startswith(subject,'Day 2')`,
      ),
    ).toEqual(['Day 2']);
    const counted = await running.graph('GET', `${inbox}/$count?${since}`);
    expect([counted.headers.get('content-type'), counted.bytes.toString()]).toEqual(['text/plain', '2']);
  });

  it('are found by their Message-ID, however many have it', async () => {
    const raw = Buffer.from('Subject: Twin\r\nMessage-ID: <twin@example.com>\r\n\r\nHello\r\n');
    await running.deliver(raw);
    await running.deliver(raw);
    expect(await subjects("/me/messages?$filter=internetMessageId eq '<twin@example.com>'")).toEqual(['Twin', 'Twin']);
  });

  it('move, copy and vanish, and the folders count along', async () => {
    const { id, immutableId } = await running.deliver({ subject: 'Wanderer' });
    const counts = async (folder: string) => {
      const { body } = await running.graph('GET', `/me/mailFolders/${folder}`);
      return [body.totalItemCount, body.unreadItemCount];
    };
    expect(await counts('inbox')).toEqual([1, 1]);
    const copy = await running.graph('POST', `/me/messages/${id}/copy`, { body: { destinationId: 'archive' } });
    expect(copy.status).toBe(201);
    await running.graph('PATCH', `/me/messages/${id}`, { body: { isRead: true } });
    expect(await counts('inbox')).toEqual([1, 0]);
    await running.graph('POST', `/me/messages/${immutableId}/move`, { body: { destinationId: 'junkemail' } });
    expect([await counts('inbox'), await counts('junkemail'), await counts('archive')]).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
    const gone = await running.graph('POST', `/me/messages/${copy.body.id}/permanentDelete`);
    expect(gone.status).toBe(204);
    expect(await counts('archive')).toEqual([0, 0]);
    await running.graph('DELETE', `/me/messages/${immutableId}`);
    expect(await subjects('/me/messages')).toEqual([]);
    expect(await subjects('/me/mailFolders/recoverableitemsdeletions/messages')).toEqual(['Wanderer']);
  });

  it('of one thread share a conversation, whose index grows by five bytes a reply', async () => {
    const mail = (headers: string) => Buffer.from(`${headers}\r\n\r\nText\r\n`);
    const start = await running.deliver(mail('Subject: A\r\nMessage-ID: <a@x.example>'));
    const reply = await running.deliver(
      mail('Subject: Re: A\r\nMessage-ID: <b@x.example>\r\nIn-Reply-To: <a@x.example>'),
    );
    const later = await running.deliver(
      mail('Subject: Re: A\r\nMessage-ID: <c@x.example>\r\nReferences: <a@x.example> <b@x.example>'),
    );
    const other = await running.deliver(mail('Subject: A\r\nMessage-ID: <d@x.example>'));
    const [one, two, three, four] = await Promise.all(
      [start, reply, later, other].map(async ({ id }) => (await running.graph('GET', `/me/messages/${id}`)).body),
    );
    expect(two.conversationId).toBe(one.conversationId);
    expect(three.conversationId).toBe(one.conversationId);
    expect(four.conversationId).not.toBe(one.conversationId);
    const bytes = (body: { conversationIndex: string }) => Buffer.from(body.conversationIndex, 'base64');
    expect([one, two, three].map((body) => bytes(body).length)).toEqual([22, 27, 32]);
    expect(bytes(three).subarray(0, 27)).toEqual(bytes(two));
  });

  it('translate from one form of id to the other', async () => {
    const { id, immutableId } = await running.deliver({ subject: 'Two names' });
    const { body } = await running.graph('POST', '/me/translateExchangeIds', {
      body: { inputIds: [id, 'nonsense'], sourceIdType: 'restId', targetIdType: 'restImmutableEntryId' },
    });
    expect(body.value).toMatchObject([
      { sourceId: id, targetId: immutableId },
      { sourceId: 'nonsense', errorDetails: {} },
    ]);
    // As Microsoft's SDKs write it.
    const back = await running.graph('POST', '/me/translateExchangeIds', {
      body: { InputIds: [immutableId], SourceIdType: 'restImmutableEntryId', TargetIdType: 'restId' },
    });
    expect(back.body.value).toMatchObject([{ sourceId: immutableId, targetId: id }]);
  });

  it('expand at most twenty to a page', async () => {
    const template = { subject: 'Mail {n}', text: 'x' };
    await running.control('POST', `/mailboxes/${ADDRESS}/messages/bulk`, { count: 25, template });
    const { body } = await running.graph('GET', '/me/messages?$top=25&$expand=attachments($select=name)');
    expect(body.value).toHaveLength(20);
    expect(body.value[0].attachments).toEqual([]);
  });
});
