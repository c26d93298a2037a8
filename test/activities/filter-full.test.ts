import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { type Reader, startReader } from './reader.ts';

/** More than the 5,000 that Graph gives through a filter. */
const MAILS = 5_100;

let reader: Reader;
beforeAll(async () => {
  reader = await startReader();
});
afterAll(() => reader.stop());

it('captures more than the 5,000 messages that Graph gives through a filter', { timeout: 120_000 }, async () => {
  const { id, address } = await reader.connect();
  await reader.db.deleteFrom('cursors').where('accountId', '=', id).execute();
  await reader.control.deliverMany(address, MAILS, 'Mail {n}');
  for (let more = true; more; ) more = (await reader.drain(id)).hasMore;
  const { count } = await reader.db
    .selectFrom('messages')
    .where('accountId', '=', id)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(MAILS);
  expect(await listAccountEvents(reader.db, id, { limit: 10 })).toMatchObject([
    { name: 'account.resynced', details: { reason: 'filter-full' } },
  ]);
});

it.each([
  ['is gone on with where 4,999 came', 4_999, []],
  [
    'begins again without its filter where 5,000 came, also when its worker died right after the last page',
    5_000,
    ['all'],
  ],
])('a walk that is over %s', async (_, walked, restarts) => {
  const { id, address } = await reader.connect();
  // The last page was written, and nothing after it.
  await reader.db.updateTable('cursors').set({ walked, complete: true }).where('accountId', '=', id).execute();
  await reader.deliver(address, 'next');
  await reader.drain(id);
  expect(await reader.subjects(id)).toEqual(['next']);
  const { receivedSince } = await openCursor(reader.db, id, 'inbox');
  expect(receivedSince === null ? ['all'] : []).toEqual(restarts);
  const events = await listAccountEvents(reader.db, id, { limit: 10 });
  expect(events.map(({ details }) => details)).toMatchObject(restarts.map(() => ({ reason: 'filter-full' })));
});
