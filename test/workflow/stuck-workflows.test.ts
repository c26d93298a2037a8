import { createSecretKey, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId, queryNames, readerWorkflowId, signalNames } from '../../contract/mailbox.ts';
import { countStuckWorkflows } from '../../database/accounts/stuck-workflows.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import type { ServerProcess } from '../../scripts/embedded/server-process.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { bundleRelease } from '../support/release-bundle.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

/** What docs/operations.md promises of workflows that cannot go on, with the process of a worker. */
const PROMISED = { timeoutMs: 120_000, intervalMs: 500 };

const key = randomBytes(32);
let stack: Awaited<ReturnType<typeof startMailboxWorker>>;
let worker: ServerProcess | undefined;

beforeAll(async () => {
  const [present, careless] = await Promise.all([
    startMailboxWorker({ keys: createKeyRing([{ id: 'test', key: createSecretKey(key) }]) }),
    bundleRelease('careless'),
  ]);
  stack = present;
  await stack.stopWorkers();
  await stack.startWorker(careless.path);
  await careless.remove();
});
afterAll(async () => {
  await worker?.stop({ signal: 'SIGTERM' });
  await stack.stop();
});

const workflowOf = (id: string) => stack.client.workflow.getHandle(mailboxWorkflowId(id));
const runOf = async (id: string) => (await workflowOf(id).describe()).runId;
const ref = (id: string) => ({ id, address: `${id}@contoso.example` });
const historyOf = async (id: string) => {
  const events = stack.db.selectFrom('events').select('name').where('name', 'like', 'account.workflow-%');
  return (await events.where('accountId', '=', id).execute()).map(({ name }) => name);
};

/** An account whose workflow was begun by another release, which this one cannot replay. */
async function begunByAnother(changes: Parameters<typeof anAccount>[1]): Promise<string> {
  const id = await anAccount(stack.db, changes);
  await stack.mailboxes.start(ref(id));
  await workflowOf(id).query(queryNames.status);
  return id;
}

/** An account whose workflow was begun with a key that is lost. */
async function begunWithAnotherKey(): Promise<string> {
  const id = await anAccount(stack.db, { enabled: false });
  const client = openTemporalClient({ ...stack.temporal, keys: aKeyRing() });
  await createMailboxes(client).start(ref(id));
  await client.connection.close();
  return id;
}

/** As when Temporal's data is lost: nothing of the run remains. Returns its id. */
async function deleteRun(handle: ReturnType<typeof workflowOf>): Promise<string> {
  const { runId } = await handle.describe();
  const workflowExecution = { workflowId: handle.workflowId, runId };
  await stack.client.workflowService.deleteWorkflowExecution({
    namespace: stack.temporal.namespace,
    workflowExecution,
  });
  return runId;
}

describe('a workflow that cannot go on', { timeout: 180_000 }, () => {
  it('is noticed, reported and restarted within two minutes, and those that were terminated or lost are started again', async () => {
    const accounts = await Promise.all([
      begunByAnother({ enabled: true }),
      begunByAnother({ enabled: false }),
      begunByAnother({ signIn: 'awaiting' }),
      begunByAnother({ signIn: 'needed' }),
    ]);
    const sleeper = await begunByAnother({ enabled: false });
    const terminated = await begunByAnother({ enabled: false });
    await workflowOf(terminated).terminate('by hand');
    await stack.stopWorkers();
    const keyless = await begunWithAnotherKey();
    const stuck = [...accounts, keyless];
    const runs = await Promise.all(stuck.map(runOf));

    worker = await startWorkerProcess(stack, key);
    const aReader = stack.client.workflow.getHandle(readerWorkflowId(0));
    const deletedRun = await eventually(() => deleteRun(aReader), PROMISED);
    await Promise.all(accounts.map((id) => workflowOf(id).signal(signalNames.wake)));
    await eventually(async () => expect(await countStuckWorkflows(stack.db)).toMatchObject({ count: stuck.length }), {
      ...PROMISED,
      intervalMs: 100,
    });
    await eventually(async () => {
      for (const [index, id] of stuck.entries()) {
        expect(await runOf(id)).not.toBe(runs[index]);
        expect(await workflowOf(id).query(queryNames.status)).toMatchObject({ accountId: id });
      }
    }, PROMISED);
    for (const id of stuck) expect(await historyOf(id)).toEqual(['account.workflow-renewed']);
    for (const handle of [workflowOf(terminated), aReader]) {
      await eventually(async () => {
        const { status, runId } = await handle.describe();
        expect(status.name).toBe('RUNNING');
        expect(runId).not.toBe(deletedRun);
      }, PROMISED);
    }
    await eventually(async () => expect(await historyOf(terminated)).toEqual(['account.workflow-ended']), PROMISED);
    expect(await historyOf(sleeper)).toEqual([]);
    expect(await stack.mailboxes.pause(ref(accounts[0] ?? ''), { actor: 'user:test' })).toMatchObject({
      state: 'paused',
    });
  });
});
