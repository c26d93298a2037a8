import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { holdMailbox } from '../../database/ingest/mailbox-budgets.ts';
import { noteNotifications } from '../../database/ingest/watches.ts';
import { shareOf } from '../../domain/reader-share.ts';
import { settleEveryMs } from '../../domain/schedule.ts';
import { startReader as startReading } from '../../worker/reader.ts';
import { eventually } from '../support/eventually.ts';
import { type Reader, startReader } from './reader.ts';

type Account = Awaited<ReturnType<Reader['connect']>>;

const SHARES = 2;
const EVERYTHING = new Set([0, 1]);
const PATIENCE = { timeoutMs: 20_000, intervalMs: 50 };

let stack: Reader;
const readings = new Set<ReturnType<typeof startReading>>();

beforeAll(async () => {
  // Nobody polls within a test but for what is asked for.
  stack = await startReader({ watchIntervals: { pollMs: 3_600_000, backstopMs: 3_600_000 } });
});
afterEach(async () => {
  await Promise.all([...readings].map((reading) => reading.stop()));
  readings.clear();
  await stack.control.clearFaults();
});
afterAll(() => stack.stop());

/** The loop of a process, with the shares that it holds. */
function aReading(held: ReadonlySet<number>) {
  const handedOver: string[] = [];
  const mailboxes = { wake: async ({ id }: { readonly id: string }) => void handedOver.push(id) };
  const settings = { shares: SHARES, maxConcurrentPolls: 5 };
  const reading = startReading(stack.dependencies, mailboxes, pino({ level: 'silent' }), settings);
  readings.add(reading);
  reading.hold(held);
  return { ...reading, handedOver };
}
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(async () => expect(await stack.subjects(id)).toEqual(subjects), PATIENCE);
/** The transactions that wrote these watches last. */
async function writesOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const writes = stack.db.selectFrom('watches').select(sql<string>`xmin::text`.as('write'));
  return new Set((await writes.where('accountId', 'in', ids).execute()).map(({ write }) => write));
}

describe('the reader of a share', () => {
  it('captures mail of a notification whose notice got lost, within seconds', async () => {
    const { id, address } = await stack.connect();
    aReading(EVERYTHING);
    await stack.deliver(address, 'found');
    await noteNotifications(stack.db, [id]);
    await arrived(id, ['found']);
  });

  it('captures it at once when the notice comes, also the one that comes during a poll', async () => {
    const { id, address } = await stack.connect();
    const reading = aReading(EVERYTHING);
    await sleep(200); // the schedule has been read
    await stack.control.addFault({ kind: 'slow', mailbox: address, endpoint: 'delta', delayMs: 700, count: 1 });
    await stack.deliver(address, 'one');
    await noteNotifications(stack.db, [id]);
    const startedAt = performance.now();
    reading.notice(id);
    await eventually(async () => expect((await stack.control.stats()).mailboxes[address]?.requests).toBeGreaterThan(0));
    await stack.deliver(address, 'two');
    await noteNotifications(stack.db, [id]);
    reading.notice(id);
    await arrived(id, ['one', 'two']);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('leaves the accounts of other shares to others, and reads them from the moment it holds them', async () => {
    const { id, address } = await stack.connect();
    const share = shareOf(id, SHARES);
    const reading = aReading(new Set([1 - share]));
    await stack.deliver(address, 'waits');
    await noteNotifications(stack.db, [id]);
    reading.notice(id);
    await sleep(500);
    expect(await stack.subjects(id)).toEqual([]);
    reading.hold(EVERYTHING);
    await arrived(id, ['waits']);
    expect(reading.captured(share)).toBe(1);
  });

  it('hands over what it cannot finish, and goes on with the others', async () => {
    const [walk, mail] = [await stack.connect(), await stack.connect()];
    const reading = aReading(EVERYTHING);
    await stack.control.loseSyncState(walk.address);
    for (const { address } of [walk, mail]) await stack.deliver(address, 'here');
    await noteNotifications(stack.db, [walk.id, mail.id]);
    for (const { id } of [walk, mail]) reading.notice(id);
    await arrived(mail.id, ['here']);
    await eventually(() => expect(reading.handedOver).toEqual([walk.id]), PATIENCE);
  });

  it('settles mailboxes together although each has a notice of its own', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push((await stack.connect()).id);
    const reading = aReading(EVERYTHING);
    await sleep(200); // the schedule has been read
    await noteNotifications(stack.db, ids);
    const noted = await writesOf(ids);
    const startedAt = performance.now();
    for (const id of ids) {
      reading.notice(id);
      await sleep(40);
    }
    await eventually(
      async () => expect([...(await writesOf(ids))].filter((write) => noted.has(write))).toEqual([]),
      PATIENCE,
    );
    const settleMs = settleEveryMs(stack.dependencies.watchIntervals.pollMs);
    expect((await writesOf(ids)).size).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / settleMs);
  });

  it('does not poll what is drained or turned off meanwhile, whatever it had planned', async () => {
    const { id, address } = await stack.connect();
    const reading = aReading(EVERYTHING);
    await sql`update watches set state = 'draining', due_at = 'infinity' where account_id = ${id}`.execute(stack.db);
    await stack.deliver(address, 'of the drain');
    reading.notice(id);
    await sleep(500);
    expect(await stack.subjects(id)).toEqual([]);
    expect(await stack.drain(id)).toMatchObject({ captured: 1 });
  });
});

describe('while no drain is made, because Temporal is away', () => {
  /** As a drain leaves a mailbox that was stopped in the middle of a backlog. */
  async function drainStopped(id: string, minutesAgo: number): Promise<void> {
    const at = sql<Date>`now() - ${minutesAgo} * interval '1 minute'`;
    await stack.db
      .updateTable('watches')
      .set({ state: 'draining', dueAt: sql`'infinity'`, currentAt: at })
      .where('accountId', '=', id)
      .execute();
    await stack.db.updateTable('cursors').set({ updatedAt: at }).where('accountId', '=', id).execute();
    await stack.db.updateTable('accounts').set({ updatedAt: at, authenticatedAt: at }).where('id', '=', id).execute();
  }
  const stateOf = async (id: string) =>
    (await stack.db.selectFrom('watches').select('state').where('accountId', '=', id).executeTakeFirstOrThrow()).state;

  it('the reader takes a mailbox over after two minutes, and captures its backlog; one that is drained it leaves', async () => {
    const accounts = await Promise.all(Array.from({ length: 4 }, () => stack.connect()));
    const [stopped, recent, drained, walked] = accounts as [Account, Account, Account, Account];
    const subjects = Array.from({ length: 30 }, (_, n) => `backlog ${String(n).padStart(2, '0')}`);
    for (const { address } of accounts)
      for (const subject of subjects) await stack.deliver(address, subject, { minutesAgo: 0 });
    await holdMailbox(stack.db, drained.id, { holder: randomUUID(), leaseMs: 60_000 });
    for (const { id } of [stopped, drained, walked]) await drainStopped(id, 3);
    await drainStopped(recent.id, 1);
    await stack.db.updateTable('cursors').set({ complete: false }).where('accountId', '=', walked.id).execute();
    aReading(EVERYTHING);
    await arrived(stopped.id, subjects);
    expect(await Promise.all([recent, drained, walked].map(({ id }) => stateOf(id)))).toEqual(
      Array(3).fill('draining'),
    );
    for (const { id } of [recent, drained, walked]) expect(await stack.subjects(id)).toEqual([]);
    // A drain that begins takes it back, and doubles nothing.
    expect(await stack.drain(stopped.id)).toMatchObject({ captured: 0 });
    expect(await stack.subjects(stopped.id)).toEqual(subjects);
  });
});

describe('two processes that hold one share for a moment', () => {
  it('capture each mail once', async () => {
    const accounts = [await stack.connect(), await stack.connect(), await stack.connect()];
    const both = [aReading(EVERYTHING), aReading(EVERYTHING)];
    const subjects = Array.from({ length: 12 }, (_, n) => `mail ${String(n).padStart(2, '0')}`);
    for (const subject of subjects) {
      await Promise.all(accounts.map(({ address }) => stack.deliver(address, subject, { minutesAgo: 0 })));
      await noteNotifications(
        stack.db,
        accounts.map(({ id }) => id),
      );
      for (const reading of both) for (const { id } of accounts) reading.notice(id);
    }
    for (const { id } of accounts) await arrived(id, subjects);
  });
});
