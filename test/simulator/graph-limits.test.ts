import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

describe('Limits', () => {
  let running: RunningGraph;
  beforeEach(async () => {
    running = await startGraph();
    // Holds every request, so that those sent together are in flight together on the slowest machine, too.
    await running.control('POST', '/faults', { kind: 'slow', delayMs: 150, endpoint: 'mailFolders' });
  });
  afterEach(() => running.close());

  const statuses = async (count: number, token?: string) => {
    const requests = Array.from({ length: count }, () =>
      running.graph('GET', '/me/mailFolders', token === undefined ? {} : { token }),
    );
    return (await Promise.all(requests)).map((reply) => reply.status).sort();
  };

  it('lets four requests of an app into a mailbox at once, and tells the fifth when to come back', async () => {
    await running.graph('GET', '/me');
    const replies = await Promise.all(Array.from({ length: 6 }, () => running.graph('GET', '/me/mailFolders')));
    const refused = replies.filter((reply) => reply.status === 429);
    expect(refused).toHaveLength(2);
    for (const { body, headers } of refused) {
      expect(body.error).toMatchObject({
        code: 'ApplicationThrottled',
        message: 'Application is over its MailboxConcurrency limit.',
      });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    const stats = await running.control('GET', '/stats');
    expect(stats.mailboxes[ADDRESS]).toMatchObject({ requests: 10, throttled: 2 });
    // A refused one leaves at once, so two refused ones need not have met.
    expect(stats.highestConcurrency).toBeGreaterThanOrEqual(5);
  });

  it('may take as long as Graph for every answer, so that a fifth at a time is refused', async () => {
    await running.control('DELETE', '/faults');
    await running.control('PUT', '/limits', { latencyMs: 200 });
    await running.graph('GET', '/me');
    const startedAt = performance.now();
    expect(await statuses(5)).toEqual([200, 200, 200, 200, 429]);
    // Timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(195);
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
    await running.control('PUT', '/limits', { latencyMs: 0 });
    const oneByOne = [await statuses(1), await statuses(1), await statuses(1), await statuses(1), await statuses(1)];
    expect(oneByOne.flat()).toEqual(Array(5).fill(200));
  });

  it('counts each mailbox on its own', async () => {
    const other = await running.tokenFor('support@contoso.example');
    await running.graph('GET', '/me');
    const [own, others] = await Promise.all([statuses(4), statuses(4, other)]);
    expect([...own, ...others]).toEqual(Array(8).fill(200));
  });

  it('counts each app on its own, and a shared mailbox for whoever opens it', async () => {
    const shared = 'team@contoso.example';
    const path = `/users/${shared}/mailFolders`;
    const scope = 'User.Read Mail.Read.Shared';
    const people = ['ann@contoso.example', 'bob@contoso.example'];
    const tokens = await Promise.all(
      people.map(async (person) => {
        await running.control('PUT', `/mailboxes/${shared}/delegates/${person}`);
        return running.tokenFor(person, { scope });
      }),
    );
    const otherApp = await running.tokenFor('ann@contoso.example', { scope, clientId: SSO_CLIENT_ID });
    const [ann, bob] = tokens as [string, string];
    const requests = [ann, ann, ann, bob, bob, otherApp, otherApp].map((token) =>
      running.graph('GET', path, { token }),
    );
    const answers = (await Promise.all(requests)).map(({ status }) => status);
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
    expect(answers.slice(5)).toEqual([200, 200]);
    const { mailboxes } = await running.control('GET', '/stats');
    expect(mailboxes[shared]).toMatchObject({ requests: 7, throttled: 1 });
  });

  it('counts the steps of a batch like any other request', async () => {
    const requests = Array.from({ length: 8 }, (_, index) => ({
      id: `${index}`,
      method: 'GET',
      url: '/me/mailFolders',
    }));
    const [batch, single] = await Promise.all([
      running.graph('POST', '/$batch', { body: { requests } }),
      running.graph('GET', '/me/mailFolders'),
    ]);
    const all = [...batch.body.responses.map((step: { status: number }) => step.status), single.status];
    expect(all.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
    const throttled = batch.body.responses.find((step: { status: number }) => step.status === 429);
    if (throttled) expect(throttled.headers['retry-after']).toBe('1');
  });

  it('refuses what goes beyond the window, and says how long it lasts', async () => {
    await running.control('DELETE', '/faults');
    await running.control('PUT', '/limits', { requestsPerWindow: 3, windowSeconds: 600 });
    for (let request = 0; request < 3; request += 1) {
      expect((await running.graph('GET', '/me/messages')).status).toBe(200);
    }
    const refused = await running.graph('GET', '/me/messages');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590);
    await running.control('DELETE', '/limits');
    expect((await running.graph('GET', '/me/messages')).status).toBe(200);
  });

  it('counts requests by endpoint and status, and begins anew when asked', async () => {
    await running.control('DELETE', '/stats');
    const { id } = await running.deliver({ subject: 'Counted' });
    await running.graph('GET', `/me/messages/${id}`);
    await running.graph('GET', `/me/messages('${id}')`);
    await running.graph('GET', '/me/messages/nonsense');
    const stats = await running.control('GET', '/stats');
    expect(stats.endpoints['GET /v1.0/me/messages/{id}']).toBe(3);
    expect(stats.statuses).toMatchObject({ 200: 2, 400: 1 });
    await running.control('DELETE', '/stats');
    expect((await running.control('GET', '/stats')).requests).toBe(0);
  });
});
