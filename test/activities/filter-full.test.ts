import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAccountEvents } from '../../database/events.ts';
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
