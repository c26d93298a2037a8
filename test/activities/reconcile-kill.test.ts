import { type ChildProcess, fork } from 'node:child_process';
import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { eventually } from '../support/eventually.ts';
import { loseMessages } from '../support/lose-messages.ts';
import { type Reader, startReader } from './reader.ts';

const key = randomBytes(32);
let reader: Reader;

beforeAll(async () => {
  reader = await startReader({ keys: createKeyRing([{ id: 'test', key: createSecretKey(key) }]) });
});
afterAll(() => reader.stop());

const MESSAGES = 400;
const LOST = 100;
const PATIENCE = { timeoutMs: 60_000 };

function compareElsewhere(accountId: string): ChildProcess {
  const args = [accountId, reader.databaseUrl, reader.simulatorUrl, key.toString('base64')];
  return fork(join(import.meta.dirname, 'reconcile-process.ts'), args, { execArgv: [] });
}

it('ends with every message once, and every difference listed, when it is killed again and again', async () => {
  const { db, control } = reader;
  const { id, address } = await reader.connect();
  await control.deliverMany(address, MESSAGES, 'Message {n}');
  while ((await reader.drain(id)).hasMore);
  const captured = await db.selectFrom('messages').select('graphId').where('accountId', '=', id).limit(LOST).execute();
  await loseMessages(
    db,
    captured.map(({ graphId }) => graphId),
  );

  await db.updateTable('accounts').set({ clockSkewMs: 600_000 }).where('id', '=', id).execute();
  await db.insertInto('reconciliations').values({ accountId: id }).execute();
  await control.addFault({ kind: 'slow', delayMs: 40, mailbox: address });
  const countDifferences = async () =>
    (await db.selectFrom('differences').select('graphId').where('accountId', '=', id).execute()).length;
  for (const atLeast of [20, 50]) {
    const running = compareElsewhere(id);
    await eventually(async () => expect(await countDifferences()).toBeGreaterThanOrEqual(atLeast), PATIENCE);
    running.kill('SIGKILL');
    await once(running, 'exit');
    expect(await countDifferences()).toBeLessThan(LOST);
    // The killed process still has the mailbox, until its lease ends.
    const free = async () => {
      const held = db.selectFrom('mailboxBudgets').select('heldUntil').where('accountId', '=', id);
      expect(Number((await held.executeTakeFirstOrThrow()).heldUntil)).toBeLessThan(Date.now());
    };
    await eventually(free, PATIENCE);
    await db
      .updateTable('reconciliations')
      .set({ dueAt: new Date(0) })
      .where('accountId', '=', id)
      .execute();
  }
  await control.clearFaults();
  await reader.compare(id);

  expect(await findCompleteness(db, id)).toMatchObject({
    inMailbox: MESSAGES,
    inLedger: MESSAGES,
    repaired: LOST,
    startedAt: null,
  });
  expect(await countDifferences()).toBe(LOST);
  const subjects = await reader.subjects(id);
  expect(subjects).toHaveLength(MESSAGES);
  expect(new Set(subjects).size).toBe(MESSAGES);
}, 120_000);
