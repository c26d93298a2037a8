import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { offerItems } from '../../database/offers/offer-items.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let ids: readonly string[];
let ada: Person;
let grace: Person;

beforeAll(async () => {
  api = await startTestApi();
  ({ id: queueId } = (await api.call('POST', '/api/v1/queues', { body: { name: 'Billing' } })).json);
  const accountId = await anAccount(api.db, { defaultQueueId: queueId });
  const messages = [2, 1].map((hours) => aMessage({ receivedAt: new Date(Date.now() - hours * 3_600_000) }));
  await insertMessages(api.db, accountId, messages, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const { items } = (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json;
  ids = items.map(({ id }: { id: string }) => id);
  ada = await aPerson('ada@contoso.example');
  grace = await aPerson('grace@contoso.example');
});
afterAll(() => api.stop());

type Person = Awaited<ReturnType<typeof aPerson>>;
async function aPerson(email: string) {
  const { userId, headers } = await api.browserOf('Agent', email);
  const call = (method: string, path: string, body?: unknown) => api.call(method, path, { key: null, headers, body });
  return { userId, call, choose: (state: string) => call('PUT', '/api/v1/me/availability', { state }) };
}
const availabilityOf = async ({ call }: Person) => (await call('GET', '/api/v1/me/availability')).json;
const setOffers = (offers: unknown) => api.call('PATCH', `/api/v1/queues/${queueId}`, { body: { offers } });

describe('offers', () => {
  it('are off by default: availability makes no difference', async () => {
    expect((await api.call('GET', `/api/v1/queues/${queueId}`)).json.offers).toBeNull();
    expect(await availabilityOf(ada)).toMatchObject({ isUsed: false, state: 'away', because: null, offers: [] });
  });

  it.each([
    [{ timeoutSeconds: 9 }, 422, '/offers/timeoutSeconds'],
    [{ timeoutSeconds: 301 }, 422, '/offers/timeoutSeconds'],
    [{ allowsClaims: 'yes' }, 400, '/offers/allowsClaims'],
  ])('are not set to %j', async (offers, refused, path) => {
    const { status, json } = await setOffers(offers);
    expect([status, json.errors[0].path]).toEqual([refused, path]);
  });

  it('come to who is available and has room, with the item, and are accepted by that person alone', async () => {
    expect((await setOffers({})).json.offers).toEqual({ timeoutSeconds: 30, allowsClaims: true });
    const capacity = (userId: string, value: unknown) =>
      api.call('PATCH', `/api/v1/users/${userId}`, { body: { capacity: value } });
    expect((await capacity(ada.userId, -1)).status).toBe(422);
    expect((await capacity(ada.userId, 1)).json.capacity).toBe(1);
    expect((await ada.choose('available')).json).toMatchObject({ isUsed: true, state: 'available', capacity: 1 });
    await offerItems(api.db);
    const { offers } = await availabilityOf(ada);
    expect(offers).toEqual([expect.objectContaining({ item: expect.objectContaining({ id: ids[0] }) })]);
    const seconds = (Date.parse(offers[0].expiresAt) - Date.parse(offers[0].offeredAt)) / 1_000;
    expect(seconds).toBe(30);
    const accept = `/api/v1/offers/${offers[0].id}/accept`;
    expect((await grace.call('POST', accept)).json.reason).toBe('no-such-offer');
    expect((await grace.call('POST', `/api/v1/items/${ids[0]}/claim`)).json.reason).toBe('item-offered-to-other');
    expect((await ada.call('POST', accept)).json).toMatchObject({ id: ids[0], state: 'claimed' });
    expect(await availabilityOf(ada)).toMatchObject({ held: 1, offers: [] });
  });

  it('go on when they are declined, and end with words', async () => {
    await grace.choose('available');
    await offerItems(api.db);
    const [offer] = (await availabilityOf(grace)).offers;
    expect((await grace.call('POST', `/api/v1/offers/${offer.id}/decline`)).status).toBe(204);
    const { status, json } = await grace.call('POST', `/api/v1/offers/${offer.id}/accept`);
    expect([status, json.reason]).toEqual([409, 'offer-ended']);
    const { history } = (await grace.call('GET', `/api/v1/items/${ids[1]}/notes`)).json;
    expect(history.map(({ name, by }: { name: string; by: string }) => [name, by])).toEqual([
      ['item.offer-declined', 'grace@contoso.example'],
      ['item.offered', 'grace@contoso.example'],
    ]);
  });

  it('are the only way to items where a queue allows no claims by hand', async () => {
    await setOffers({ allowsClaims: false });
    for (const path of [`/api/v1/queues/${queueId}/claim`, `/api/v1/items/${ids[1]}/claim`]) {
      expect((await grace.call('POST', path)).json.reason).toBe('item-offered-only');
    }
    await setOffers({});
  });

  it('are for people who work on items', async () => {
    const { status, json } = await api.call('PUT', '/api/v1/me/availability', { body: { state: 'available' } });
    expect([status, json.reason]).toEqual([403, 'only-users']);
    expect((await api.call('GET', '/api/v1/me/availability', { key: null })).status).toBe(401);
    expect((await grace.call('PUT', '/api/v1/me/availability', { state: 'busy' })).status).toBe(422);
    expect((await grace.call('PATCH', `/api/v1/users/${grace.userId}`, { capacity: 9 })).status).toBe(403);
  });

  it('show on the board: who is available with which load, also without items', async () => {
    await grace.choose('away');
    await grace.call('POST', '/api/v1/me/availability/reports', { idleSeconds: 0 });
    const idle = await aPerson('idle@contoso.example');
    const { agents } = (await api.call('GET', '/api/v1/board')).json;
    expect(agents).toMatchObject([
      { actor: `user:${ada.userId}`, availability: 'available', because: null, claimed: 1, offered: 0, capacity: 1 },
      { actor: `user:${grace.userId}`, availability: 'away', because: 'chosen', claimed: 0, capacity: 3 },
      { actor: `user:${idle.userId}`, availability: null, because: null, since: null, claimed: 0 },
    ]);
  });
});
