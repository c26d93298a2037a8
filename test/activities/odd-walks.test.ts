import { sql } from 'kysely';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { readByList } from '../../database/ingest/listed-mailboxes.ts';
import { createRunner, type Reader, startReader } from './reader.ts';

const PAGE_SIZE = 4;

let reader: Reader;

beforeAll(async () => {
  reader = await startReader({ deltaPageSize: PAGE_SIZE });
});
afterAll(() => reader.stop());

/** The simulator signs one person in at a time. */
const inTurn = pLimit(1);
const connect = () => inTurn(() => reader.connect());
const fault = (mailbox: string, kind: string, more: object = {}) => reader.control.addFault({ kind, mailbox, ...more });
/** Tests run side by side, each with a mailbox of its own. */
const heal = async (address: string) => {
  const { faults } = await reader.control.call<{ faults: { id: number; mailbox: string }[] }>('GET', '/faults');
  for (const { id, mailbox } of faults) if (mailbox === address) await reader.control.call('DELETE', `/faults/${id}`);
};
const eventsOf = async (id: string) =>
  (await listAccountEvents(reader.db, id, { limit: 50 })).map(({ name, details }) => [name, details.reason]);
const troubleOf = async (id: string) => (await findAccount(reader.db, id))?.deltaTrouble;
const tryDeltaAgain = async (id: string) => {
  await sql`update full_mailboxes set delta_due_at = now() where account_id = ${id}`.execute(reader.db);
  await reader.drain(id);
};
/** As after the time in which nobody checked the mailbox by its list. */
const letCheckBeDue = (id: string) =>
  reader.db
    .updateTable('watches')
    .set({ listedAt: new Date(Date.now() - 3_600_000) })
    .where('accountId', '=', id)
    .execute();
/** Requests to the mailbox that a piece of work sends. */
const requestsOf = async (address: string, work: () => Promise<unknown>) => {
  const sent = async () => (await reader.control.stats()).mailboxes[address]?.requests ?? 0;
  const before = await sent();
  await work();
  return (await sent()) - before;
};

describe.concurrent('delta that does not work while lists do', { timeout: 90_000 }, () => {
  it.each([
    ['delta-refused', { status: 400 }, 'delta-refused'],
    ['delta-refused', { status: 403 }, 'delta-refused'],
    ['delta-refused', { status: 404 }, 'delta-refused'],
    ['delta-refused', { status: 410 }, 'delta-refused'],
    ['no-links', {}, 'delta-failed'],
    ['cut-json', { endpoint: 'delta' }, 'delta-failed'],
    ['malformed-links', {}, 'delta-failed'],
    ['same-next-link', {}, 'walk-endless'],
  ] as const)('%s %o: the list takes its place, and nothing is lost or doubled', async (kind, more, trouble) => {
    const { id, address } = await connect();
    await reader.deliver(address, 'before');
    await reader.drain(id);
    await fault(address, kind, more);
    for (let n = 0; n < 6; n += 1) await reader.deliver(address, `mail ${n}`, { minutesAgo: 20 - n });
    for (let turn = 0; turn < 4; turn += 1) await reader.drain(id);
    expect(new Set(await reader.subjects(id)).size).toBe(7);
    expect(await reader.subjects(id)).toHaveLength(7);
    expect(await troubleOf(id)).toBe(trouble);
    expect((await eventsOf(id)).filter(([name]) => name === 'account.delta-set-aside')).toEqual([
      ['account.delta-set-aside', trouble],
    ]);
    // A poll finds what comes then, and asks nobody to sign in.
    await reader.deliver(address, 'later', { minutesAgo: 1 });
    expect((await reader.poll(id)).next).toBe('hand-over');
    await reader.drain(id);
    await heal(address);
    await tryDeltaAgain(id);
    await reader.deliver(address, 'after', { minutesAgo: 0 });
    await reader.drain(id);
    expect(await troubleOf(id)).toBeNull();
    expect(await reader.subjects(id)).toHaveLength(9);
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done', conditionType: null });
  });

  it('is not asked of a mailbox that is gone: that is what the account says', async () => {
    const { id, address } = await connect();
    await fault(address, 'mailbox-gone');
    await expect(reader.drain(id)).rejects.toMatchObject({ type: 'MailboxGone' });
    expect(await troubleOf(id)).toBeNull();
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: 'MailboxGone' });
  });

  it('begins a filtered walk in vain: the list takes its place', async () => {
    const { id, address } = await connect();
    await reader.db.deleteFrom('cursors').where('accountId', '=', id).execute();
    await fault(address, 'delta-filter-refused');
    await reader.deliver(address, 'mail');
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail']);
    expect(await troubleOf(id)).toBe('delta-refused');
  });

  it('is tried later each time', async () => {
    const { id } = await connect();
    const minutes: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      await readByList(reader.db, id, { reason: 'delta-refused' });
      const { dueAt } = await reader.db
        .selectFrom('fullMailboxes')
        .select('deltaDueAt as dueAt')
        .where('accountId', '=', id)
        .executeTakeFirstOrThrow();
      minutes.push(Math.round((dueAt.getTime() - Date.now()) / 60_000));
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('is never asked where the cloud has none', async () => {
    const { id, address } = await connect();
    const { dependencies } = reader;
    const china = createRunner({ ...dependencies, cloud: { ...dependencies.cloud, hasMailDelta: false } });
    await reader.deliver(address, 'mail');
    // The list, and the message.
    expect(await requestsOf(address, () => china.drain(id))).toBe(2);
    expect(await reader.subjects(id)).toEqual(['mail']);
    expect(await findAccount(reader.db, id)).toMatchObject({ deltaTrouble: 'delta-not-offered', conditionType: null });
  });
});

describe.concurrent('pages without news', { timeout: 90_000 }, () => {
  it('that come again and again by other links end the walk, after few requests', async () => {
    const { id, address } = await connect();
    await fault(address, 'repeated-pages');
    for (let n = 0; n < 6; n += 1) await reader.deliver(address, `mail ${n}`);
    const requests = await requestsOf(address, () => reader.drain(id));
    expect(requests).toBeLessThan(60);
    expect(await troubleOf(id)).toBe('walk-endless');
    expect(await reader.subjects(id)).toHaveLength(6);
  });

  it('are not taken for it where a walk begins again through mail that is captured', async () => {
    const { id, address } = await connect();
    await reader.control.deliverMany(address, 40 * PAGE_SIZE, 'Mail {n}');
    await reader.drain(id);
    await reader.control.loseSyncState(address);
    expect(await reader.drain(id)).toMatchObject({ captured: 0, known: 40 * PAGE_SIZE });
    expect(await troubleOf(id)).toBeNull();
  });
});

describe.concurrent('delta that keeps silent', { timeout: 90_000 }, () => {
  it('is noticed by the list of the inbox, and mail is there in minutes', async () => {
    const { id, address } = await connect();
    await fault(address, 'silent-delta');
    await reader.deliver(address, 'untold', { minutesAgo: 5 });
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', captured: 0 });
    await letCheckBeDue(id);
    expect(await reader.poll(id)).toMatchObject({ isSilent: true, next: 'hand-over' });
    await readByList(reader.db, id, { reason: 'delta-silent' });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['untold']);
    await heal(address);
    await reader.deliver(address, 'told');
    await tryDeltaAgain(id);
    expect(await reader.subjects(id)).toEqual(['told', 'untold']);
    expect(await troubleOf(id)).toBeNull();
    await letCheckBeDue(id);
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', link: expect.any(String), isChecked: true });
    expect(await reader.poll(id)).toMatchObject({ isChecked: false });
  });

  it('is not trusted any more when a bell has no explanation', async () => {
    const { id, address } = await connect();
    await reader.db
      .updateTable('watches')
      .set({ listedAt: new Date(Date.now() - 200_000), rungAt: new Date(Date.now() - 120_000) })
      .where('accountId', '=', id)
      .execute();
    await fault(address, 'silent-delta');
    await reader.deliver(address, 'rung', { minutesAgo: 2 });
    expect(await reader.poll(id)).toMatchObject({ isSilent: true, next: 'hand-over' });
  });

  it('is not trusted any more when a comparison repaired something: its walk begins again', async () => {
    const { id, address } = await connect();
    await fault(address, 'silent-delta');
    await reader.deliver(address, 'untold');
    await reader.drain(id);
    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['untold']);
    expect(await openCursor(reader.db, id, 'inbox')).toMatchObject({ link: null, complete: false });
    expect(await eventsOf(id)).toContainEqual(['account.resynced', 'differences-found']);
  });
});

describe.concurrent('a page that is too large', { timeout: 90_000 }, () => {
  it('shrinks until it comes, and grows again', async () => {
    const { id, address } = await connect();
    const pageSize = async () => (await openCursor(reader.db, id, 'inbox')).pageSize;
    await fault(address, 'large-pages', { pageSize: 1 });
    await reader.control.deliverMany(address, 5, 'Mail {n}');
    await reader.drain(id);
    expect(await reader.subjects(id)).toHaveLength(5);
    expect(await pageSize()).toBe(1);
    await heal(address);
    await reader.control.deliverMany(address, 40, 'More {n}');
    await reader.drain(id);
    expect(await reader.subjects(id)).toHaveLength(45);
    expect(await pageSize()).toBeNull();
  });

  it('of a list shrinks as well', async () => {
    const { id, address } = await connect();
    await fault(address, 'large-pages', { pageSize: 10 });
    await fault(address, 'delta-refused');
    for (let n = 0; n < 15; n += 1) await reader.deliver(address, `mail ${n}`, { minutesAgo: 60 - n });
    await reader.drain(id);
    expect(await reader.subjects(id)).toHaveLength(15);
    expect((await reader.compare(id)).at(-1)).toMatchObject({ seen: 15, known: 15 });
  });
});
