import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawFrom } from '../../simulator/faults.ts';
import { eventually } from '../support/eventually.ts';
import { readSample, schemaProblems } from './graph-schema.ts';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { inMinutes, subscribe } from './subscribe.ts';

const EVERYTHING = { changeType: 'created,updated,deleted' };

describe('Notifications', () => {
  let running: RunningGraph;
  let receiver: Receiver;
  beforeEach(async () => {
    running = await startGraph();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await running.close();
    await receiver.close();
  });

  const keys = (body: object) => Object.keys(body).sort();
  const limits = (changes: object) => running.control('PUT', '/limits', changes);
  const fault = (kind: string, more: object = {}) => running.control('POST', '/faults', { kind, ...more });
  const message = (id: string, rest = '') => `/mailboxes/${ADDRESS}/messages/${encodeURIComponent(id)}${rest}`;
  const notificationStats = async () => (await running.control('GET', '/stats')).notifications;
  /** Waits for so many entries; sees to it that no more come together with them. */
  const received = (count: number) =>
    eventually(() => {
      expect(receiver.entries).toHaveLength(count);
      return receiver.entries;
    });
  const events = () => receiver.entries.flatMap(({ lifecycleEvent }) => lifecycleEvent ?? []);
  const changes = () => receiver.entries.filter(({ changeType }) => changeType !== undefined);

  it('look like a recorded one, and name the message', async () => {
    const { id: subscriptionId, expirationDateTime, creatorId } = await subscribe(running, receiver);
    const { id } = await running.deliver({ subject: 'Ring' });
    const [entry] = await received(1);
    const [recorded] = readSample('notification-basic.json').value;
    expect(keys(entry)).toEqual(keys(recorded));
    expect(keys(entry.resourceData)).toEqual(keys(recorded.resourceData));
    // Of the metadata's open type only the annotations are described.
    const { id: _, ...resourceData } = entry.resourceData;
    expect(schemaProblems('changeNotification', { ...entry, resourceData })).toEqual([]);
    const { body } = await running.graph('GET', `/me/messages/${id}`);
    expect(entry).toMatchObject({
      subscriptionId,
      subscriptionExpirationDateTime: expirationDateTime,
      changeType: 'created',
      clientState: 'a secret of ours',
      resource: `Users/${creatorId}/Messages/${id}`,
      resourceData: { id, '@odata.etag': body['@odata.etag'] },
    });
    const stats = await eventually(async () => {
      const now = await notificationStats();
      expect(now.acknowledged).toBe(1);
      return now;
    });
    expect(stats).toMatchObject({ sent: 1, failed: 0, lost: 0, requests: 1 });
    expect(stats.latencyMs.max).toBeGreaterThan(0);
  });

  it('tell what is delivered, changed, moved and deleted in the folder, with default ids', async () => {
    await subscribe(running, receiver, EVERYTHING);
    const first = await running.deliver({ subject: 'First' });
    await received(1);
    await running.graph('PATCH', `/me/messages/${first.id}`, { body: { isRead: true } });
    await received(2);
    const moved = await running.graph('POST', `/me/messages/${first.id}/move`, { body: { destinationId: 'archive' } });
    await received(3);
    const back = await running.control('POST', message(moved.body.id, '/move'), { folder: 'inbox' });
    await received(4);
    await running.graph('DELETE', `/me/messages/${back.id}`);
    const second = await running.deliver({ subject: 'Second' });
    await received(6);
    await running.control('DELETE', message(second.id));
    const entries = await received(7);
    expect(entries.map(({ changeType, resourceData }) => [changeType, resourceData.id])).toEqual([
      ['created', first.id],
      ['updated', first.id],
      ['deleted', first.id],
      ['created', back.id],
      ['deleted', back.id],
      ['created', second.id],
      ['deleted', second.id],
    ]);
  });

  it('keep one id through every move where immutable ids were asked for', async () => {
    await subscribe(running, receiver, { ...EVERYTHING, resource: 'me/messages' }, { prefer: 'IdType="ImmutableId"' });
    const { id, immutableId } = await running.deliver({ subject: 'Wanders' });
    await running.control('POST', message(id, '/move'), { folder: 'archive' });
    const entries = await received(3);
    expect(entries.map(({ changeType, resourceData }) => [changeType, resourceData.id])).toEqual([
      ['created', immutableId],
      ['deleted', immutableId],
      ['created', immutableId],
    ]);
  });

  it('tell only the change types, the folder and the mailbox that were asked for', async () => {
    await subscribe(running, receiver, { changeType: 'deleted' });
    await running.control('POST', `/mailboxes/support@contoso.example/messages`, { subject: 'Elsewhere' });
    const { id } = await running.deliver({ subject: 'Here' });
    await running.deliver({ subject: 'Archived' }, '?folder=archive');
    await running.control('DELETE', message(id));
    const [entry] = await received(1);
    expect(entry).toMatchObject({ changeType: 'deleted', resourceData: { id } });
  });

  it('take what comes to match the filter for created, and what ceases to for deleted', async () => {
    await subscribe(running, receiver, { ...EVERYTHING, resource: 'me/messages?$filter=isRead eq false' });
    const { id } = await running.deliver({ subject: 'Unread' });
    await running.control('PATCH', message(id), { importance: 'high' });
    await running.control('PATCH', message(id), { isRead: true });
    await running.control('PATCH', message(id), { subject: 'Nobody is told' });
    await running.control('PATCH', message(id), { isRead: false });
    const entries = await received(4);
    expect(entries.map(({ changeType }) => changeType)).toEqual(['created', 'updated', 'deleted', 'created']);
  });

  it('go together to one URL, a hundred in a request', async () => {
    await subscribe(running, receiver);
    const template = { subject: 'Burst {n}', text: 'x' };
    await running.control('POST', `/mailboxes/${ADDRESS}/messages/bulk`, { count: 400, template });
    const entries = await received(400);
    expect(new Set(entries.map(({ resourceData }) => resourceData.id)).size).toBe(400);
    expect(Math.max(...receiver.batches)).toBe(100);
    expect(receiver.batches.length).toBeLessThan(10);
  });

  it('come again until they are acknowledged, later each time', async () => {
    await limits({ retryFirstMs: 20 });
    await subscribe(running, receiver);
    const refused: number[] = [];
    receiver.answer = (response) => {
      refused.push(performance.now());
      if (refused.length === 4) receiver.answer = (good) => good.writeHead(202).end();
      response.writeHead(503).end();
    };
    await running.deliver({ subject: 'Again' });
    await received(5);
    const gaps = refused.slice(1).map((at, index) => at - (refused[index] ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(19);
    expect(gaps[1]).toBeGreaterThanOrEqual(39);
    expect(gaps[2]).toBeGreaterThanOrEqual(79);
    await eventually(async () =>
      expect(await notificationStats()).toMatchObject({ sent: 5, failed: 4, acknowledged: 1 }),
    );
  });

  it('are given up in the end, which the lifecycle URL hears as missed', async () => {
    await limits({ retryFirstMs: 10, retryForSeconds: 0.05 });
    const { id } = await subscribe(running, receiver);
    receiver.answer = (response) => response.writeHead(response.req.url === '/lifecycle' ? 202 : 500).end();
    await running.deliver({ subject: 'Never' });
    await eventually(() => expect(events()).toEqual(['missed']));
    expect(receiver.entries.at(-1)).toMatchObject({ subscriptionId: id });
    expect(await notificationStats()).toMatchObject({ lost: 1 });
  });

  it('wait while the host is slow, and go at once when it is quick again', async () => {
    await limits({
      slowAnswerMs: 300,
      endpointJudgedAfter: 1,
      dropPercent: 100,
      slowDelayMs: 400,
      endpointWindowSeconds: 600,
    });
    await subscribe(running, receiver);
    receiver.answer = () => undefined;
    await running.deliver({ subject: 'Slow' });
    await eventually(async () => {
      expect((await running.control('GET', '/subscriptions')).endpoints).toMatchObject([{ state: 'slow' }]);
    });
    receiver.answer = (response) => response.writeHead(202).end();
    await eventually(() => expect(receiver.entries.length).toBeGreaterThan(1));
    const before = receiver.entries.length;
    const deliveredAt = performance.now();
    await running.deliver({ subject: 'Waits' });
    await received(before + 1);
    expect(performance.now() - deliveredAt).toBeGreaterThanOrEqual(399);

    // Some more quick answers, and slow ones are no longer more than a tenth. Those that wait together share an answer.
    await eventually(async () => {
      await running.deliver({ subject: 'Quick' });
      expect((await running.control('GET', '/subscriptions')).endpoints).toMatchObject([{ state: 'healthy' }]);
    });
    const atOnceFrom = performance.now();
    const { id } = await running.deliver({ subject: 'At once' });
    await eventually(() => expect(receiver.entries.map(({ resourceData }) => resourceData?.id)).toContain(id));
    expect(performance.now() - atOnceFrom).toBeLessThan(399);
  });

  it('are thrown away while too many answers are slow, and then missed is told once', async () => {
    await limits({ slowAnswerMs: 300, endpointJudgedAfter: 1, dropSeconds: 3, retryFirstMs: 60_000 });
    const { id } = await subscribe(running, receiver);
    receiver.answer = () => undefined;
    await running.deliver({ subject: 'Slow' });
    await eventually(async () => {
      expect((await running.control('GET', '/subscriptions')).endpoints).toMatchObject([{ state: 'dropping' }]);
    });
    receiver.answer = (response) => response.writeHead(202).end();
    await running.deliver({ subject: 'Thrown away' });
    await running.deliver({ subject: 'Thrown away, too' });
    expect((await notificationStats()).lost).toBe(2);
    await eventually(() => expect(events()).toEqual(['missed']), { timeoutMs: 8_000 });
    expect(receiver.entries.at(-1)).toMatchObject({ subscriptionId: id, clientState: 'a secret of ours' });
    await running.deliver({ subject: 'Flows' });
    await received(3);
    expect(changes()).toHaveLength(2);
  });

  it.each(['missed', 'reauthorizationRequired', 'subscriptionRemoved'])('tell %s by control', async (event) => {
    const { id } = await subscribe(running, receiver);
    await running.control('POST', `/subscriptions/${id}/lifecycle`, { event });
    const [entry] = await received(1);
    const samples = {
      missed: 'lifecycle-missed.json',
      reauthorizationRequired: 'lifecycle-reauthorization-required.json',
      subscriptionRemoved: 'lifecycle-subscription-removed.json',
    };
    expect(keys(entry)).toEqual(keys(readSample(samples[event as keyof typeof samples]).value[0]));
    expect(entry).toMatchObject({ lifecycleEvent: event, subscriptionId: id, clientState: 'a secret of ours' });
    const { status } = await running.graph('GET', `/subscriptions/${id}`);
    expect(status).toBe(event === 'subscriptionRemoved' ? 404 : 200);
  });

  it('ask for a new authorization before the end, once', async () => {
    await limits({ reauthorizationLeadSeconds: 3_600 });
    const { id } = await subscribe(running, receiver, { expirationDateTime: inMinutes(50) });
    await eventually(() => expect(events()).toEqual(['reauthorizationRequired']));
    await running.graph('PATCH', `/subscriptions/${id}`, { body: { expirationDateTime: inMinutes(55) } });
    await eventually(() => expect(events()).toEqual(['reauthorizationRequired', 'reauthorizationRequired']));
    expect((await running.control('GET', `/subscriptions/${id}`)).remindedOf).not.toBeNull();
  });

  it('are held back when the tokens of the user are revoked, until he authorizes anew', async () => {
    const { id } = await subscribe(running, receiver);
    await running.control('POST', '/tokens/revoke', { address: ADDRESS, reason: 'password-changed' });
    await running.deliver({ subject: 'Held' });
    await running.deliver({ subject: 'Held, too' });
    await eventually(() => expect(events()).toEqual(['reauthorizationRequired']));
    expect(changes()).toEqual([]);
    const token = await running.tokenFor(ADDRESS);
    expect((await running.graph('POST', `/subscriptions/${id}/reauthorize`, { token })).status).toBe(204);
    await eventually(() => expect(changes()).toHaveLength(2));
  });

  it('end with the user who made the subscription', async () => {
    const { id } = await subscribe(running, receiver);
    await running.control('PATCH', `/users/${ADDRESS}`, { enabled: false });
    await running.deliver({ subject: 'Too late' });
    await eventually(() => expect(events()).toEqual(['subscriptionRemoved']));
    await expect(running.control('GET', `/subscriptions/${id}`)).rejects.toThrow('404');
  });

  it('are lost, doubled and late where faults want it', async () => {
    await subscribe(running, receiver);
    await fault('lost-notifications', { count: 1, mailbox: ADDRESS });
    await running.deliver({ subject: 'Lost' });
    await fault('duplicate-notifications', { count: 1 });
    const { id: doubled } = await running.deliver({ subject: 'Doubled' });
    const { seed } = await fault('late-notifications', { count: 1, delayMs: 400, seed: 3 });
    const sentAt = performance.now();
    const { id: late } = await running.deliver({ subject: 'Late' });
    await eventually(() => expect(receiver.entries.map(({ resourceData }) => resourceData.id)).toContain(late));
    const arrivedAt = performance.now();
    const ids = receiver.entries.map(({ resourceData }) => resourceData.id);
    const copies = ids.filter((id) => id === doubled).length;
    expect(copies).toBeGreaterThanOrEqual(2);
    expect(copies).toBeLessThanOrEqual(4);
    expect(ids).toHaveLength(copies + 1);
    const lateMs = drawFrom({ seed, strikes: 1 }) * 400;
    expect(lateMs).toBeGreaterThan(300);
    expect(arrivedAt - sentAt).toBeGreaterThanOrEqual(lateMs - 1);
    expect((await notificationStats()).lost).toBe(1);
  });

  it('come in any order where a fault wants it', async () => {
    await subscribe(running, receiver);
    await fault('shuffled-notifications', { seed: 1 });
    const template = { subject: '{n}', text: 'x' };
    await running.control('POST', `/mailboxes/${ADDRESS}/messages/bulk`, { count: 50, template });
    const entries = await received(50);
    const etags = entries.map(({ resourceData }) => resourceData['@odata.etag']);
    expect(etags).not.toEqual(etags.toSorted());
  });

  it('are never told about a shared mailbox under a delegated token', async () => {
    const shared = 'shared@contoso.example';
    await running.control('PUT', `/mailboxes/${shared}/delegates/${ADDRESS}`);
    const token = await running.tokenFor(ADDRESS, { scope: 'User.Read Mail.Read Mail.Read.Shared' });
    const resource = `users/${shared}/mailFolders('inbox')/messages`;
    const { id } = await subscribe(running, receiver, { resource }, { token });
    await subscribe(running, receiver);
    await running.control('POST', `/mailboxes/${shared}/messages`, { subject: 'In the shared one' });
    const own = await running.deliver({ subject: 'In the own one' });
    const [entry] = await received(1);
    expect(entry.resourceData.id).toBe(own.id);
    expect(await running.control('GET', `/subscriptions/${id}`)).toMatchObject({ notifies: false, mailbox: shared });
  });
});

describe('Subscriptions of a simulator that is started again', () => {
  it('go on, and what was not acknowledged comes again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    const databasePath = join(folder, 'simulator.db');
    const receiver = await startReceiver();
    let running = await startGraph({ databasePath });
    try {
      const { id: subscriptionId } = await subscribe(running, receiver);
      receiver.answer = (response) => response.writeHead(503).end();
      const before = await running.deliver({ subject: 'Before' });
      await eventually(async () => {
        expect((await running.control('GET', '/stats')).notifications.failed).toBeGreaterThan(0);
      });
      await running.close();
      receiver.entries.splice(0);
      receiver.answer = (response) => response.writeHead(202).end();
      running = await startGraph({ databasePath });
      const after = await running.deliver({ subject: 'After' });
      await eventually(() => expect(receiver.entries).toHaveLength(2));
      expect(receiver.entries).toEqual(
        expect.arrayContaining(
          [before, after].map(({ id }) =>
            expect.objectContaining({ subscriptionId, resourceData: expect.objectContaining({ id }) }),
          ),
        ),
      );
    } finally {
      await running.close();
      await receiver.close();
      await rm(folder, { recursive: true });
    }
  });
});
