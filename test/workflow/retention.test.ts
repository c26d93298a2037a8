import { createSecretKey, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { RETENTION_SCHEDULE } from '../../contract/retention.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { findErasure, requestErasure } from '../../database/retention/erasures.ts';
import { findRetention, saveRetention } from '../../database/retention/periods.ts';
import { createRouter } from '../../domain/routing.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import type { ServerProcess } from '../../scripts/embedded/server-process.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { sweepNow } from '../../temporal/retention-schedule.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { makeNamespace } from '../support/test-temporal.ts';
import { spawnWorker } from '../support/worker-process.ts';

const key = randomBytes(32);
const address = inject('temporalAddress');
const namespace = `retention-${randomBytes(4).toString('hex')}`;
const client = openTemporalClient({
  address,
  namespace,
  keys: createKeyRing([{ id: 'k1', key: createSecretKey(key) }]),
});
let database: TestDatabase;
let db: Database;
let worker: ServerProcess;
let erasureId: string;

const startWorker = () =>
  spawnWorker({
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k1:${key.toString('base64')}`,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
  });

/** Captured mail from one sender, completed a hundred days ago. */
async function oldMail(count: number, from: string): Promise<void> {
  const queueId = await aQueue(db);
  const accountId = await anAccount(db, { defaultQueueId: queueId, removedAt: new Date() });
  const messages = Array.from({ length: count }, () => aMessage({ from: { address: from } }));
  await insertMessages(db, accountId, messages, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  await db
    .updateTable('items')
    .set({ state: 'completed', completedAt: sql`now() - interval '100 days'` })
    .where('accountId', '=', accountId)
    .execute();
}

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 4, applicationName: 'test' });
  await makeNamespace({ address, namespace });
  await oldMail(450, 'mia@fabrikam.example');
  const erasure = { scope: 'sender', address: 'mia@fabrikam.example', reason: 'Request 1' } as const;
  ({ id: erasureId } = (await requestErasure(db, 'cli', erasure)) as { id: string });
  worker = await startWorker();
});
afterAll(async () => {
  await worker.stop({ signal: 'SIGTERM' });
  await client.connection.close();
  await db.destroy();
  await database.drop();
});

const mails = async () => (await db.selectFrom('messages').select('id').execute()).length;
const soon = { timeoutMs: 20_000 };

describe('the sweep of retention', () => {
  it('carries out an erasure that waits, batch after batch', async () => {
    await eventually(async () => expect((await findErasure(db, erasureId))?.finishedAt).toBeInstanceOf(Date), soon);
    expect(await findErasure(db, erasureId)).toMatchObject({ messages: 450, left: 0 });
  });

  it('is a schedule of Temporal, and its result is what it deleted', async () => {
    await oldMail(3, 'ann@fabrikam.example');
    const { periods, version } = await findRetention(db);
    await saveRetention(db, 'cli', { periods: { ...periods, content: 30 }, version });
    const schedule = client.schedule.getHandle(RETENTION_SCHEDULE);
    expect((await schedule.describe()).info.nextActionTimes).not.toEqual([]);
    await eventually(async () => {
      await sweepNow(client);
      expect(await mails()).toBe(0);
    }, soon);
    await eventually(async () => {
      const { recentActions, runningActions } = (await schedule.describe()).info;
      expect(runningActions).toEqual([]);
      const runs = recentActions.map(({ action }) => client.workflow.getHandle(action.workflow.workflowId).result());
      expect(await Promise.all(runs)).toContainEqual(
        expect.objectContaining({ deleted: expect.objectContaining({ content: 3 }), hasMore: false }),
      );
    }, soon);
    expect((await findRetention(db)).sweptAt).toBeInstanceOf(Date);
  });

  it('is scheduled again when Temporal has lost it', async () => {
    await client.schedule.getHandle(RETENTION_SCHEDULE).delete();
    await sweepNow(client);
    expect((await client.schedule.getHandle(RETENTION_SCHEDULE).describe()).scheduleId).toBe(RETENTION_SCHEDULE);
  });
});
