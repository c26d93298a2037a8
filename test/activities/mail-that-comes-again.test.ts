import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

const moveOutAndIn = async (address: string, message: { readonly id: string }) =>
  reader.control.call('POST', `/mailboxes/${address}/messages/${encodeURIComponent(message.id)}/move`, {
    folder: 'inbox',
    underNewId: true,
  });

it('queues no mail twice that a program moved out and in again, and the comparison still adds up', async () => {
  const { id, address } = await reader.connect();
  const messages = [await reader.deliver(address, 'One'), await reader.deliver(address, 'Two')];
  await reader.drain(id);
  for (const message of messages) await moveOutAndIn(address, message);
  await reader.deliver(address, 'Three');
  await reader.drain(id);
  await reader.compare(id);
  expect(await reader.subjects(id)).toEqual(['One', 'Three', 'Two']);
  expect(await findCompleteness(reader.db, id)).toMatchObject({ inMailbox: 3, inLedger: 3, repaired: 0 });
});

it('is no difference of a comparison when the walk never told of it', async () => {
  const { id, address } = await reader.connect();
  const message = await reader.deliver(address, 'One');
  await reader.drain(id);
  await reader.control.addFault({ kind: 'hidden-moves', mailbox: address });
  await moveOutAndIn(address, message);
  await reader.compare(id);
  expect(await reader.subjects(id)).toEqual(['One']);
  expect(await findCompleteness(reader.db, id)).toMatchObject({ inMailbox: 1, inLedger: 1, repaired: 0 });
});

it.each([
  ['delta, which tells of each change', 'drain'],
  ['a comparison', 'compare'],
  ['a walk that begins again because Microsoft forgot it', 'forget'],
  ['a list in the place of delta', 'list'],
  ['the same mail under another id', 'move'],
])('queues no mail again whose content was deleted, whatever tells of it: %s', async (_what, by) => {
  const { db, control } = reader;
  const { id, address } = await reader.connect();
  const message = await reader.deliver(address, 'Answered long ago');
  await reader.drain(id);
  await db
    .updateTable('items')
    .set({ state: 'completed', completedAt: new Date() })
    .where('accountId', '=', id)
    .execute();
  await db.deleteFrom('messages').where('accountId', '=', id).execute();
  const path = `/mailboxes/${address}/messages/${encodeURIComponent(message.id)}`;
  if (by === 'drain') await control.call('PATCH', path, { isRead: true });
  if (by === 'forget') await control.call('POST', `/mailboxes/${address}/lose-sync-state`);
  if (by === 'list') await control.addFault({ kind: 'quota', mailbox: address });
  if (by === 'move') await moveOutAndIn(address, message);
  await reader.deliver(address, 'New');
  await reader.drain(id);
  if (by !== 'drain') await reader.compare(id);
  expect(await reader.subjects(id)).toEqual(['New']);
  const items = db.selectFrom('items').select(['state', 'messageId']).where('accountId', '=', id).orderBy('id');
  expect(await items.execute()).toMatchObject([{ state: 'completed', messageId: null }, { state: 'waiting' }]);
  if (by !== 'drain') {
    expect(await findCompleteness(db, id)).toMatchObject({ inMailbox: 2, inLedger: 2, repaired: 0 });
  }
});
