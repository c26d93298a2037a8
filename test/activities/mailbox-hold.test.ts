import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { holdMailbox } from '../../database/ingest/mailbox-budgets.ts';
import { eventually } from '../support/eventually.ts';
import { type Reader, startReader } from './reader.ts';

const LEASE_MS = 1_000;

let reader: Reader;

beforeAll(async () => {
  reader = await startReader({ drainHeartbeatTimeoutMs: LEASE_MS });
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

const holderOf = async (id: string) =>
  (await reader.db.selectFrom('mailboxBudgets').select('holder').where('accountId', '=', id).executeTakeFirst())
    ?.holder;

describe('a drain whose page takes longer than its lease', () => {
  it('keeps the mailbox until it is done', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'slow');
    await reader.control.addFault({ kind: 'slow', mailbox: address, delayMs: 3 * LEASE_MS, count: 1 });
    const draining = reader.drain(id);
    await eventually(async () => expect(await holderOf(id)).toEqual(expect.any(String)));
    let isDone = false;
    const done = draining.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const rival = { holder: crypto.randomUUID(), leaseMs: LEASE_MS };
      const other = await holdMailbox(reader.db, id, rival);
      if (!isDone) expect(other.held).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await done).toMatchObject({ captured: 1 });
  });

  it('ends its requests when the mailbox is lost, shows nothing on the account, and lets the other one be', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'lost');
    await reader.control.addFault({ kind: 'slow', mailbox: address, delayMs: 20 * LEASE_MS, count: 1 });
    const draining = reader.drain(id);
    await eventually(async () => expect(await holderOf(id)).toEqual(expect.any(String)));
    const holder = crypto.randomUUID();
    await reader.db.updateTable('mailboxBudgets').set({ holder }).where('accountId', '=', id).execute();
    await expect(draining).rejects.toMatchObject({ type: 'Unavailable' });
    expect(await holderOf(id)).toBe(holder);
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
  });
});
