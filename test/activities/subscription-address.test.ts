import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { listLeftOverSubscriptions, supersedeSubscriptions } from '../../database/ingest/subscriptions.ts';
import { findTokenCache, putTokenCache } from '../../database/sign-in/token-caches.ts';
import { createSubscriptionKeeping } from '../../ingest/access/keep-subscription.ts';
import { anAccount } from '../support/builders.ts';
import { type Reader, startReader } from './reader.ts';

const POLL_MS = 20_000;
const { signal } = new AbortController();

/** An address that Microsoft takes: it answers validations, and notifications with 202. */
async function startEndpoint(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('validationToken');
    response.writeHead(token === null ? 202 : 200, { 'content-type': 'text/plain' }).end(token ?? '');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

let reader: Reader;
let before: Awaited<ReturnType<typeof startEndpoint>>;
let after: Awaited<ReturnType<typeof startEndpoint>>;

beforeAll(async () => {
  [reader, before, after] = await Promise.all([startReader(), startEndpoint(), startEndpoint()]);
});
afterAll(async () => {
  for (const { server } of [before, after]) server.close();
  await reader.stop();
});

const keepingAt = (notificationUrl: string | undefined) =>
  createSubscriptionKeeping({ ...reader.dependencies, notificationUrl });
const makeDue = (accountId: string) =>
  reader.db
    .updateTable('subscriptions')
    .set({ dueAt: new Date(0) })
    .where('accountId', '=', accountId)
    .execute();
const addressesOf = async (mailbox: string) => {
  const { subscriptions } = await reader.control.call<{
    subscriptions: { mailbox: string; notificationUrl: string }[];
  }>('GET', '/subscriptions');
  return subscriptions.filter((found) => found.mailbox === mailbox).map(({ notificationUrl }) => notificationUrl);
};
const subscriptionIdOf = async (accountId: string) =>
  (await reader.db.selectFrom('subscriptions').select('graphId').where('accountId', '=', accountId).executeTakeFirst())
    ?.graphId;
const isPushed = async (accountId: string) => (await findAccount(reader.db, accountId))?.hasSubscription;

describe('the subscription of a mailbox', () => {
  it('is made anew where notifications go after the address changed, and the old one is ended', async () => {
    const { id, address } = await reader.connect();
    await keepingAt(before.url).keepSubscription(id, signal);
    expect(await addressesOf(address)).toEqual([`${before.url}/graph/notifications`]);
    await makeDue(id);
    expect(await keepingAt(before.url).keepSubscription(id, signal)).toMatchObject({ isNew: false });

    await supersedeSubscriptions(reader.db, after.url, POLL_MS);
    expect(await isPushed(id)).toBe(false);
    expect(await keepingAt(after.url).keepSubscription(id, signal)).toMatchObject({ isNew: true });
    expect(await addressesOf(address)).toEqual([`${after.url}/graph/notifications`]);
    expect(await isPushed(id)).toBe(true);
    await supersedeSubscriptions(reader.db, after.url, POLL_MS);
    expect(await isPushed(id)).toBe(true);
  });

  it('of another account of the same mailbox is left alone; one that no account knows makes room', async () => {
    const { id, address } = await reader.connect();
    await keepingAt(before.url).keepSubscription(id, signal);
    const ofFirst = await subscriptionIdOf(id);
    const { db, dependencies } = reader;
    const other = await anAccount(db, { address: `alias-of-${address}` });
    const { cache = '' } = (await findTokenCache(db, dependencies.keys, id)) ?? {};
    await putTokenCache(db, dependencies.keys, other, cache);
    await keepingAt(before.url).keepSubscription(other, signal);
    expect([await isPushed(id), await isPushed(other)]).toEqual([true, false]);
    expect(await addressesOf(address)).toHaveLength(1);

    await db.deleteFrom('subscriptions').where('accountId', '=', id).execute();
    await makeDue(other);
    await keepingAt(before.url).keepSubscription(other, signal);
    expect(await isPushed(other)).toBe(true);
    expect(await subscriptionIdOf(other)).not.toBe(ofFirst);
  });

  it('is ended when there is no address any more', async () => {
    const { id, address } = await reader.connect();
    await keepingAt(before.url).keepSubscription(id, signal);
    await supersedeSubscriptions(reader.db, undefined, POLL_MS);
    await keepingAt(undefined).keepSubscription(id, signal);
    expect(await addressesOf(address)).toEqual([]);
    expect(await isPushed(id)).toBe(false);
  });

  it('that a pause could not end is ended later', async () => {
    const { id, address } = await reader.connect();
    const keeping = keepingAt(before.url);
    await keeping.keepSubscription(id, signal);
    await reader.control.addFault({ kind: 'unavailable', mailbox: address, count: 10 });
    await reader.db
      .updateTable('accounts')
      .set({ enabled: false, pausedAt: new Date(0) })
      .where('id', '=', id)
      .execute();
    expect(await keeping.endSubscription(id, signal)).toBe(false);
    expect(await listLeftOverSubscriptions(reader.db, 10)).toEqual([id]);
    await reader.control.clearFaults();
    expect(await keeping.endSubscription(id, signal)).toBe(true);
    expect(await addressesOf(address)).toEqual([]);
    expect(await listLeftOverSubscriptions(reader.db, 10)).toEqual([]);
  });

  it('is asked for with its full life again when what Microsoft named is a month old', async () => {
    await reader.control.call('PUT', '/limits', { subscriptionMostMinutes: 3_000 });
    const first = await reader.connect();
    await keepingAt(before.url).keepSubscription(first.id, signal);
    await reader.control.call('DELETE', '/limits');
    const minutesOf = async ({ id }: { readonly id: string }) => {
      const { expiresAt } = await reader.db
        .selectFrom('subscriptions')
        .select('expiresAt')
        .where('accountId', '=', id)
        .executeTakeFirstOrThrow();
      return (Number(expiresAt) - Date.now()) / 60_000;
    };
    const second = await reader.connect();
    await keepingAt(before.url).keepSubscription(second.id, signal);
    expect(await minutesOf(second)).toBeLessThan(3_001);
    const monthAgo = new Date(Date.now() - 31 * 86_400_000);
    await reader.db.updateTable('settings').set({ subscriptionCeilingAt: monthAgo }).execute();
    await makeDue(second.id);
    await keepingAt(before.url).keepSubscription(second.id, signal);
    expect(await minutesOf(second)).toBeGreaterThan(9_000);
  });
});
