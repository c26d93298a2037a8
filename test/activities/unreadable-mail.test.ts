import { sql } from 'kysely';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { capturePage } from '../../database/capture/capture.ts';
import { listQuarantine } from '../../database/capture/quarantine-reads.ts';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import { MESSAGE_WITHIN_MS } from '../../domain/schedule.ts';
import { signedIn, simulatorSettings } from '../graph/simulated-sign-in.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader({ deltaPageSize: 20 });
});
afterAll(() => reader.stop());

const quarantineOf = (id: string) => listQuarantine(reader.db, id, { resolved: false, limit: 50 });
const fault = (mailbox: string, kind: string, more: object = {}) => reader.control.addFault({ kind, mailbox, ...more });
/** Tests run side by side, each with a mailbox of its own. */
const heal = async (address: string) => {
  const { faults } = await reader.control.call<{ faults: { id: number; mailbox: string }[] }>('GET', '/faults');
  for (const { id, mailbox } of faults) if (mailbox === address) await reader.control.call('DELETE', `/faults/${id}`);
};
/** The simulator signs one person in at a time. */
const inTurn = pLimit(1);
/** A mailbox of which mail of the last two hours is captured. */
const connect = async () => {
  const account = await inTurn(() => reader.connect());
  const captureFrom = new Date(Math.floor(Date.now() / 1_000) * 1_000 - 7_200_000);
  await reader.db.updateTable('accounts').set({ captureFrom }).where('id', '=', account.id).execute();
  return account;
};
/** The same, shared: somebody else signs in for it. */
const connectShared = async () => {
  const { id, address } = await connect();
  const owner = `owner-${address}`;
  await reader.control.call('PUT', `/mailboxes/${address}/delegates/${owner}`);
  const store = await inTurn(() => signedIn(reader.dependencies.cloud, owner, simulatorSettings, 'shared'));
  await reader.db
    .updateTable('accounts')
    .set({ signInAs: owner, signInNumber: sql`sign_in_number + 1` })
    .where('id', '=', id)
    .execute();
  await putTokenCache(reader.db, reader.dependencies.keys, id, (await store.read())?.cache ?? '');
  await reader.db.deleteFrom('cursors').where('accountId', '=', id).execute();
  await reader.drain(id);
  return { id, address };
};
const eventsOf = async (id: string) => (await listAccountEvents(reader.db, id, { limit: 50 })).map(({ name }) => name);
const immutableIdOf = async (address: string, id: string) => {
  const { messages } = await reader.control.call<{ messages: { id: string; immutableId: string }[] }>(
    'GET',
    `/mailboxes/${address}/messages?folder=inbox&top=100`,
  );
  return messages.find((message) => message.id === id)?.immutableId ?? expect.fail('not in the mailbox');
};
/** As after the time that lies between two tries. */
const letTriesBeDue = async (id: string) => {
  await sql`update quarantine set retry_at = now() where account_id = ${id}`.execute(reader.db);
  await sql`update unread_attachments set retry_at = now() where account_id = ${id}`.execute(reader.db);
};
/** A mailbox with mails of different seconds, of which the named ones are poison. */
async function deliverAround(address: string, names: readonly string[]) {
  const ids = new Map<string, string>();
  for (const [n, name] of names.entries()) {
    ids.set(name, (await reader.deliver(address, name, { minutesAgo: 60 - n })).id);
  }
  return ids;
}

describe.concurrent('a mail that Microsoft cannot give', { timeout: 90_000 }, () => {
  it.each([
    ['that is the only one', ['poison']],
    ['that is one of many', ['poison', 'one', 'poison 2', 'poison 3', 'poison 4', 'two']],
  ])('and %s goes to quarantine with what is known of it, and the others are there', async (_name, names) => {
    const { id, address } = await connect();
    const ids = await deliverAround(address, names);
    const poison = names.filter((name) => name.startsWith('poison'));
    for (const name of poison) {
      await fault(address, 'poisoned-page', { messageId: ids.get(name), spares: 'bodiless' });
      await fault(address, 'unreadable-message', { messageId: ids.get(name), spares: 'bodiless' });
    }
    expect(await reader.drain(id)).toMatchObject({ captured: names.length - poison.length, hasMore: false });
    const good = names.filter((name) => !poison.includes(name)).toSorted();
    expect(await reader.subjects(id)).toEqual(good);
    const parked = await quarantineOf(id);
    expect(parked.map(({ preview }) => preview?.subject).toSorted()).toEqual(poison.toSorted());
    expect(parked[0]).toMatchObject({
      reason: 'unreadable',
      code: 'ErrorContentConversionFailed',
      preview: { receivedAt: expect.any(String) },
    });
    // Mail that comes later is found as well, and nothing comes twice.
    await reader.deliver(address, 'later', { minutesAgo: 1 });
    await reader.drain(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['later', ...good].toSorted());
  });

  it('is tried again by itself, later each time, and captured once when it heals', async () => {
    const { id, address } = await connect();
    const { id: messageId } = await reader.deliver(address, 'heals');
    await fault(address, 'poisoned-page', { messageId });
    await fault(address, 'unreadable-message', { messageId });
    await reader.drain(id);
    const dueInMinutes = async () => {
      const [entry] = await quarantineOf(id);
      return { attempts: entry?.attempts, minutes: ((entry?.retryAt?.getTime() ?? 0) - Date.now()) / 60_000 };
    };
    expect(await dueInMinutes()).toMatchObject({ attempts: 1 });
    expect((await dueInMinutes()).minutes).toBeCloseTo(1, 0);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect((await dueInMinutes()).attempts).toBe(2);
    expect((await dueInMinutes()).minutes).toBeGreaterThan(3);
    await heal(address);
    await letTriesBeDue(id);
    await reader.drain(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['heals']);
    expect(await quarantineOf(id)).toEqual([]);
  });

  it('that cannot even be listed is in quarantine by the time of its receipt, and no mail around it is missing', async () => {
    const { id, address } = await connect();
    const ids = await deliverAround(address, ['one', 'poison', 'two']);
    // Of the same second as the poison.
    await reader.deliver(address, 'beside', { minutesAgo: 59 });
    for (const kind of ['poisoned-page', 'unreadable-message'])
      await fault(address, kind, { messageId: ids.get('poison') });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['beside', 'one', 'two']);
    const [parked, ...others] = await quarantineOf(id);
    expect(others).toEqual([]);
    const minutesAgo = (Date.now() - Date.parse(parked?.preview?.receivedAt ?? '')) / 60_000;
    expect(minutesAgo).toBeGreaterThan(58.9);
    expect(minutesAgo).toBeLessThan(60);
    await reader.compare(id);
    expect(await findCompleteness(reader.db, id)).toMatchObject({ inMailbox: 4, inLedger: 3, inQuarantine: 1 });
    await heal(address);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['beside', 'one', 'poison', 'two']);
    expect(await quarantineOf(id)).toEqual([]);
  });

  it('and came while the account was disabled is in quarantine after it caught up, and the others are there', async () => {
    const { id, address } = await connect();
    await pauseAccount(reader.db, id, 'test');
    const ids = await deliverAround(address, ['one', 'poison', 'two']);
    for (const kind of ['poisoned-page', 'unreadable-message']) {
      await fault(address, kind, { messageId: ids.get('poison'), spares: 'bodiless' });
    }
    expect(await reader.drain(id)).toMatchObject({ captured: 0 });
    expect(await quarantineOf(id)).toEqual([]);
    await resumeAccount(reader.db, id, { actor: 'test', mode: 'catch-up' });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['one', 'two']);
    expect(await quarantineOf(id)).toMatchObject([{ reason: 'unreadable', preview: { subject: 'poison' } }]);
    await heal(address);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['one', 'poison', 'two']);
  });

  it.each([500, 403])('and lies in a shared mailbox goes to quarantine: %i takes no access away', async (status) => {
    const { id, address } = await connectShared();
    const ids = await deliverAround(address, ['one', 'poison', 'two']);
    for (const kind of ['poisoned-page', 'unreadable-message']) {
      await fault(address, kind, { messageId: ids.get('poison'), spares: 'bodiless', status });
    }
    await reader.drain(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['one', 'two']);
    expect(await quarantineOf(id)).toMatchObject([{ preview: { subject: 'poison' } }]);
    expect(await findAccount(reader.db, id)).toMatchObject({ signIn: 'done', conditionType: 'CursorExpired' });
  });

  it('is known by its id where lists of ids come and no others do', async () => {
    const { id, address } = await connect();
    const ids = await deliverAround(address, ['one', 'poison']);
    await fault(address, 'poisoned-page', { messageId: ids.get('poison'), spares: 'ids', status: 504 });
    await fault(address, 'unreadable-message', { messageId: ids.get('poison'), status: 504 });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['one']);
    expect(await quarantineOf(id)).toMatchObject([{ code: 'UnknownError', receivedAt: null }]);
  });

  it.each([
    ['left out when it turns out to be older than what is captured', false, []],
    ['captured all the same when a person wants it', true, ['old']],
  ])('and of which only the id is known is %s', async (_, isWanted, subjects) => {
    const { id, address } = await connect();
    // Mail of the last two hours is captured.
    const old = await reader.deliver(address, 'old', { minutesAgo: 180 });
    const rejected = [{ graphId: await immutableIdOf(address, old.id), reason: 'unreadable' as const }];
    const page = { accountId: id, folder: 'inbox', origin: 'list', step: undefined, messages: [], rejected } as const;
    await capturePage(reader.db, page);
    expect(await quarantineOf(id)).toMatchObject([{ receivedAt: null }]);
    if (isWanted) await sql`update quarantine set state = 'retrying' where account_id = ${id}`.execute(reader.db);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(subjects);
    expect(await quarantineOf(id)).toEqual([]);
  });

  it('does not keep a walk by delta from going on behind it when it was set aside', async () => {
    const { id, address } = await connect();
    const ids = await deliverAround(address, ['one', 'poison']);
    for (const kind of ['poisoned-page', 'unreadable-message']) {
      await fault(address, kind, { messageId: ids.get('poison'), spares: 'bodiless' });
    }
    await reader.drain(id);
    expect(await findAccount(reader.db, id)).toMatchObject({
      deltaTrouble: 'delta-failed',
      conditionType: 'CursorExpired',
    });
    for (let n = 0; n < 3; n += 1) {
      await sql`update full_mailboxes set delta_due_at = now() where account_id = ${id}`.execute(reader.db);
      await reader.deliver(address, `later ${n}`, { minutesAgo: 1 });
      await reader.drain(id);
    }
    expect(await findAccount(reader.db, id)).toMatchObject({ deltaTrouble: null, conditionType: null });
    expect(await eventsOf(id)).toEqual(expect.arrayContaining(['account.delta-set-aside', 'account.delta-resumed']));
    expect(await reader.subjects(id)).toEqual(['later 0', 'later 1', 'later 2', 'one']);
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', captured: 0 });
  });
});

describe.concurrent('attachments that Microsoft cannot list', { timeout: 90_000 }, () => {
  it.each([500, 404])('cost the list, not the message, and are read again later: %i', async (status) => {
    const { id, address } = await connect();
    const html = '<img src="cid:picture">';
    await reader.control.call('POST', `/mailboxes/${address}/messages`, { subject: 'pictures', html });
    await fault(address, 'unreadable-attachments', { status });
    expect(await reader.poll(id)).toMatchObject({ next: status === 404 ? 'wait' : 'hand-over' });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['pictures']);
    const unread = () =>
      reader.db.selectFrom('unreadAttachments').select(['attempts']).where('accountId', '=', id).execute();
    expect(await unread()).toEqual([{ attempts: 1 }]);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await unread()).toEqual([{ attempts: 2 }]);
    await heal(address);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await unread()).toEqual([]);
  });
});

describe.concurrent('attachments that hang', { timeout: 90_000 }, () => {
  it('keep neither their message nor the others waiting for longer than half a minute', async () => {
    const { id, address } = await connect();
    const html = '<img src="cid:picture">';
    await reader.control.call('POST', `/mailboxes/${address}/messages`, { subject: 'pictures', html });
    await reader.deliver(address, 'plain');
    await fault(address, 'slow', { endpoint: 'attachments', delayMs: 3 * MESSAGE_WITHIN_MS });
    const startedAt = performance.now();
    await reader.drain(id);
    expect(performance.now() - startedAt).toBeLessThan(1.6 * MESSAGE_WITHIN_MS);
    expect(await reader.subjects(id)).toEqual(['pictures', 'plain']);
    const unread = reader.db.selectFrom('unreadAttachments').select(['attempts', 'code']).where('accountId', '=', id);
    expect(await unread.execute()).toEqual([{ attempts: 1, code: 'timeout' }]);
    await heal(address);
    await letTriesBeDue(id);
    await reader.drain(id);
    expect(await unread.execute()).toEqual([]);
  });
});

describe.concurrent('a mail server in trouble', { timeout: 90_000 }, () => {
  it('puts nothing into quarantine', async () => {
    const { id, address } = await connect();
    await reader.deliver(address, 'waits');
    await fault(address, 'unavailable');
    await expect(reader.drain(id)).rejects.toMatchObject({ type: 'Unavailable' });
    expect(await quarantineOf(id)).toEqual([]);
    expect(await findAccount(reader.db, id)).toMatchObject({ deltaTrouble: null, conditionType: 'Unavailable' });
    await heal(address);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['waits']);
  });
});
