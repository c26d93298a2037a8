import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const addQueue = async (name: string) => (await api.call('POST', '/api/v1/queues', { body: { name } })).json;

describe('the acknowledgement of a queue', () => {
  it('is off, is set with sanitised HTML, counted, and turned off again', async () => {
    const { id, acknowledgement } = await addQueue('Acknowledged');
    expect(acknowledgement).toBeNull();
    const path = `/api/v1/queues/${id}`;
    const html = '<p onclick="x()">Dear {{customer.name}}<script>x()</script></p>';
    const set = await api.call('PATCH', path, { body: { acknowledgement: { html, everyDays: 3 } } });
    expect(set.json.acknowledgement).toEqual({ html: '<p>Dear {{customer.name}}</p>', everyDays: 3 });
    expect((await api.call('PATCH', path, { body: { description: 'x' } })).json.acknowledgement.everyDays).toBe(3);
    expect((await api.call('GET', `${path}/acknowledgements`)).json).toEqual({ counts: [] });
    for (const wrong of [{ html: '', everyDays: 3 }, { html, everyDays: 0 }, { html, everyDays: 1.5 }, { html }]) {
      expect((await api.call('PATCH', path, { body: { acknowledgement: wrong } })).status).toBeGreaterThanOrEqual(400);
    }
    const agent = { key: api.apiKeys.Agent, body: { acknowledgement: null } };
    expect((await api.call('PATCH', path, agent)).status).toBe(403);
    expect((await api.call('PATCH', path, { body: { acknowledgement: null } })).json.acknowledgement).toBeNull();
  });
});

describe('queues', () => {
  it('are added, listed, renamed and removed', async () => {
    const added = await api.call('POST', '/api/v1/queues', { body: { name: '  Billing ', description: 'Invoices' } });
    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({ name: 'Billing', description: 'Invoices', waiting: 0, oldestWaitingAt: null });
    expect(added.headers.location).toBe(`/api/v1/queues/${added.json.id}`);
    expect((await api.call('GET', '/api/v1/queues')).json.queues).toContainEqual(added.json);

    const path = `/api/v1/queues/${added.json.id}`;
    expect((await api.call('PATCH', path, { body: { name: 'Invoices' } })).json).toMatchObject({
      name: 'Invoices',
      description: 'Invoices',
    });
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect((await api.call('GET', path)).status).toBe(404);
    expect((await api.call('DELETE', path)).status).toBe(404);
  });

  it('have names of their own, whatever the case, until they are removed', async () => {
    const { id } = await addQueue('Sales');
    const again = await api.call('POST', '/api/v1/queues', { body: { name: 'SALES' } });
    expect(again).toMatchObject({ status: 409, json: { type: 'urn:mailroom:problem:conflict' } });
    expect(again.json.detail).toContain('A queue with this name exists already');
    await api.call('DELETE', `/api/v1/queues/${id}`);
    expect((await addQueue('SALES')).name).toBe('SALES');
  });

  it('stay while an account or a rule routes to them, and say which', async () => {
    const [byDefault, byRule] = [await addQueue('Default of one'), await addQueue('Rule of one')];
    const accountId = await anAccount(api.db, { address: 'used@contoso.example', defaultQueueId: byDefault.id });
    await api.db
      .insertInto('rules')
      .values({ accountId, position: 1, queueId: byRule.id, keywords: ['x'] })
      .execute();
    expect((await api.call('DELETE', `/api/v1/queues/${byDefault.id}`)).json).toMatchObject({
      status: 409,
      title: 'Still in use',
      detail:
        'The queue Default of one is the default queue of used@contoso.example. ' +
        'Choose other queues in the routing of these accounts first.',
    });
    expect((await api.call('DELETE', `/api/v1/queues/${byRule.id}`)).json.detail).toContain(
      'is used by rules of used@contoso.example',
    );
    for (const n of [1, 2, 3, 4, 5]) {
      await anAccount(api.db, { address: `used-${n}@contoso.example`, defaultQueueId: byDefault.id });
    }
    expect((await api.call('DELETE', `/api/v1/queues/${byDefault.id}`)).json.detail).toMatch(
      /and 1 more\..* first\. Config > Email changes the queue of many accounts at once\.$/,
    );
  });
});
