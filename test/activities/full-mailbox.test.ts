import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import type { StatsSnapshot } from '../../simulator/stats.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

/** Over its quota: delta answers 403, lists work. */
const fill = (address: string) => reader.control.addFault({ kind: 'quota', mailbox: address });
const conditionOf = async (id: string) => {
  const account = await findAccount(reader.db, id);
  return [account?.conditionType, account?.conditionReason];
};

/** What follows from a poll, and the requests that it costs. */
async function poll(id: string) {
  await reader.control.call('DELETE', '/stats');
  const { next } = await reader.poll(id);
  const { endpoints } = await reader.control.call<StatsSnapshot>('GET', '/stats');
  const ofMail = Object.entries(endpoints).filter(([name]) => name.includes('/messages'));
  return { next, requests: Object.fromEntries(ofMail) };
}

describe('a mailbox over its quota', () => {
  it('is read by its list, and shows that it is full while mail goes on flowing', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'before');
    await reader.drain(id);
    await fill(address);
    await reader.deliver(address, 'first');
    await reader.deliver(address, 'second', { minutesAgo: 5 });
    expect(await reader.drain(id)).toMatchObject({ captured: 2, hasMore: false });
    expect(await reader.drain(id)).toMatchObject({ captured: 0 });
    await reader.deliver(address, 'third', { minutesAgo: 0 });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['before', 'first', 'second', 'third']);
    // Older than what was listed already: lists show some mail later than younger mail.
    await reader.deliver(address, 'late', { minutesAgo: 9 });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['before', 'first', 'late', 'second', 'third']);
    expect(await conditionOf(id)).toEqual(['CursorExpired', 'quota-exceeded']);
  });

  it('costs one list for each poll, and a drain only when something is new', async () => {
    const { id, address } = await reader.connect();
    await fill(address);
    await reader.deliver(address, 'known');
    await reader.drain(id);
    const list = { 'GET /v1.0/me/mailFolders/{id}/messages': 1 };
    expect(await poll(id)).toEqual({ next: 'wait', requests: list });
    expect(await conditionOf(id)).toEqual(['CursorExpired', 'quota-exceeded']);
    await reader.deliver(address, 'new', { minutesAgo: 1 });
    expect(await poll(id)).toEqual({ next: 'hand-over', requests: list });
    await reader.drain(id);
    expect(await poll(id)).toEqual({ next: 'wait', requests: list });
  });

  it('is read by delta again when there is room, and nothing was missed between', async () => {
    const { id, address } = await reader.connect();
    await fill(address);
    await reader.deliver(address, 'while full');
    await reader.drain(id);
    await reader.control.clearFaults();
    await reader.deliver(address, 'with room');
    await reader.db
      .updateTable('fullMailboxes')
      .set({ deltaDueAt: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    expect((await poll(id)).next).toBe('hand-over');
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['while full', 'with room']);
    expect(await conditionOf(id)).toEqual([null, null]);
    const names = (await listAccountEvents(reader.db, id, { limit: 10 })).map(({ name }) => name);
    expect(names).toEqual(['account.mailbox-has-room', 'account.mailbox-full']);
  });

  it('tries delta again once an hour and says nothing new while it is still refused', async () => {
    const { id, address } = await reader.connect();
    await fill(address);
    await reader.drain(id);
    await reader.db
      .updateTable('fullMailboxes')
      .set({ deltaDueAt: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    await reader.deliver(address, 'while full');
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['while full']);
    expect(await listAccountEvents(reader.db, id, { limit: 10 })).toHaveLength(1);
    expect((await poll(id)).requests).toEqual({ 'GET /v1.0/me/mailFolders/{id}/messages': 1 });
  });

  it('reads a backlog to its end although it is interrupted', async () => {
    const { id, address } = await reader.connect();
    await fill(address);
    for (let n = 0; n < 45; n += 1) await reader.deliver(address, `Message ${n}`, { minutesAgo: 60 - n });
    // Fails in the middle of reading them; what came first is captured, and nothing after it is forgotten.
    await reader.control.addFault({ kind: 'throttle', mailbox: address, endpoint: 'messages/{id}', count: 1 });
    await expect(reader.drain(id)).rejects.toMatchObject({ type: 'Throttled' });
    await reader.deliver(address, 'newest');
    await reader.drain(id);
    expect(new Set(await reader.subjects(id)).size).toBe(46);
  });

  it('captures nothing that came during a pause which ended "from now on"', async () => {
    const { id, address } = await reader.connect();
    await fill(address);
    await reader.drain(id);
    await pauseAccount(reader.db, id, 'test');
    await reader.deliver(address, 'during the pause', { minutesAgo: 1 });
    await resumeAccount(reader.db, id, { actor: 'test', mode: 'from-now' });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual([]);
    expect((await poll(id)).next).toBe('wait');
  });
});
