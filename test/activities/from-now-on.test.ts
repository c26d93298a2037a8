import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { acceptCommand } from '../../database/accounts/account-commands.ts';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(async () => {
  globalThis.Date = TrueDate;
  await reader.control.clearFaults();
});
afterAll(() => reader.stop());

/** Seconds before and after the click. */
const MOMENTS = [-30, -8, -5, 0, 0.4, 1, 2, 5, 8, 12];
/** Whole seconds and the way of an answer: so much earlier mail may count as later mail. */
const TOLERANCE_SECONDS = 3;

const TrueDate = Date;
/** Lets this process's clock, not PostgreSQL's, differ from the true time by so many seconds. */
function shiftOurClock(seconds: number): void {
  const now = () => TrueDate.now() + seconds * 1_000;
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
}

describe('a resumption from now on', () => {
  it('begins when it was accepted, however long it waited to be carried out', async () => {
    const { id, address } = await reader.connect();
    await pauseAccount(reader.db, id, 'test');
    const command = { id: randomUUID(), accountId: id, name: 'resume' } as const;
    const { number } = await acceptCommand(reader.db, command);
    // Its worker stood still, or the answer got lost and it was asked for again.
    await sql`update account_commands set accepted_at = now() - interval '2 minutes' where id = ${command.id}`.execute(
      reader.db,
    );
    await reader.deliver(address, 'before', { minutesAgo: 3 });
    await reader.deliver(address, 'while it waited', { minutesAgo: 1 });
    await resumeAccount(reader.db, id, { actor: 'test', mode: 'from-now', id: command.id, number });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['while it waited']);
  });

  it.each([
    ['clocks agree', 0, 0],
    ["Microsoft's clock is ahead", 0, 10],
    ["Microsoft's clock is behind", 0, -10],
    ["the worker's clock is ahead of PostgreSQL's", 10, 0],
    ["the worker's clock is behind PostgreSQL's", -10, 0],
    ['all three differ', -10, 10],
  ])('captures all that comes after it, and counts the rest as older, when %s', async (_, ours, microsofts) => {
    shiftOurClock(ours);
    // The simulator runs on our clock.
    await reader.control.addFault({ kind: 'clock', skewSeconds: microsofts - ours });
    const { id, address } = await reader.connect();
    await reader.drain(id);
    await pauseAccount(reader.db, id, 'test');
    const clickedAt = TrueDate.now() + microsofts * 1_000;
    await resumeAccount(reader.db, id, { actor: 'test', mode: 'from-now' });
    for (const seconds of MOMENTS) {
      // Graph tells whole seconds.
      const at = new Date(Math.floor(clickedAt / 1_000 + seconds) * 1_000);
      await reader.control.deliver(address, { subject: `${seconds}`, receivedAt: at });
    }
    await reader.drain(id);
    await reader.compare(id);
    const captured = (await reader.subjects(id)).map(Number);
    expect(captured).toEqual(expect.arrayContaining(MOMENTS.filter((seconds) => seconds >= 0)));
    expect(captured.filter((seconds) => seconds < -TOLERANCE_SECONDS)).toEqual([]);
    const { leftOut } = (await findCompleteness(reader.db, id)) ?? {};
    expect(leftOut).toMatchObject({ 'received-earlier': MOMENTS.length - captured.length });
  });
});
