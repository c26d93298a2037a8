import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_WORKFLOW, answerWorkflowId } from '../../contract/answer.ts';
import {
  MAILBOX_WORKFLOW,
  mailboxWorkflowId,
  queryNames,
  READER_WORKFLOW,
  readerWorkflowId,
  signalNames,
  TASK_QUEUE,
  updateNames,
} from '../../contract/mailbox.ts';
import { RETENTION_SCHEDULE } from '../../contract/retention.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import type { ServerProcess } from '../../scripts/embedded/server-process.ts';
import { countPausedWorkflows } from '../../temporal/paused-workflows.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { temporalCommand } from '../support/temporal-command.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

/** What an operator can press in Temporal's UI, or send with its command line, beside cancellations. */

const PROMISED = { timeoutMs: 120_000, intervalMs: 500 };
const key = randomBytes(32);
let stack: Awaited<ReturnType<typeof startMailboxWorker>>;

beforeAll(async () => {
  stack = await startMailboxWorker({ keys: createKeyRing([{ id: 'test', key: createSecretKey(key) }]) });
});
afterAll(async () => {
  await stack.stop();
});

const workflowOf = (workflowId: string) => stack.client.workflow.getHandle(workflowId);
const statusOf = async (workflowId: string) => (await workflowOf(workflowId).describe()).status.name;
const temporal = (...args: string[]) => temporalCommand(stack.temporal, ...args);

async function aRunningAccount(changes: Parameters<typeof anAccount>[1] = { enabled: false }) {
  const id = await anAccount(stack.db, changes);
  await stack.mailboxes.start({ id, address: `${id}@contoso.example` });
  const handle = workflowOf(mailboxWorkflowId(id));
  await handle.query(queryNames.status);
  return { id, handle };
}

describe('a workflow', () => {
  it.each([
    [MAILBOX_WORKFLOW, TASK_QUEUE, async () => ({ accountId: (await aRunningAccount()).id })],
    [READER_WORKFLOW, 'mailroom-readers', async () => ({ share: 0 })],
  ])('%s that was started under another id ends at once', async (type, taskQueue, input) => {
    const copy = await stack.client.workflow.start(type, {
      workflowId: randomUUID(),
      taskQueue,
      args: [await input()],
    });
    await eventually(async () => expect(await statusOf(copy.workflowId)).toBe('FAILED'));
  });

  it('refuses commands that Mailroom did not give, and goes on', async () => {
    const { id, handle } = await aRunningAccount();
    const { runId } = await handle.describe();
    for (const name of Object.values(updateNames).filter((update) => update !== updateNames.countMissed)) {
      for (const input of [undefined, null, {}]) {
        await expect(handle.executeUpdate(name, { args: [input] })).rejects.toMatchObject({
          cause: { type: 'InvalidTransition' },
        });
      }
    }
    for (const args of [[], [null], ['x']]) await handle.signal(signalNames.wake, ...args);
    await handle.signal('unknown', 1);
    expect(await handle.query(queryNames.status)).toMatchObject({ state: 'paused' });
    const { raw } = await handle.describe();
    expect([raw.workflowExecutionInfo?.execution?.runId, raw.pendingWorkflowTask?.attempt ?? 1]).toEqual([runId, 1]);
    expect(await findAccountFacts(stack.db, id)).toMatchObject({ removed: false, enabled: false });
  });
});

describe('an activity that is paused', () => {
  it('is counted until it is unpaused', { timeout: 60_000 }, async () => {
    const handle = workflowOf(readerWorkflowId(1));
    const activity = (what: string) => async () => {
      const { raw } = await handle.describe();
      const [pending] = raw.pendingActivities ?? [];
      await temporal('activity', what, '-w', handle.workflowId, '--activity-id', pending?.activityId ?? '');
    };
    const patience = { timeoutMs: 20_000, intervalMs: 250 };
    expect(await countPausedWorkflows(stack.client)).toBe(0);
    await eventually(activity('pause'), patience);
    await eventually(async () => expect(await countPausedWorkflows(stack.client)).toBe(1), patience);
    await eventually(activity('unpause'), patience);
    await eventually(async () => expect(await countPausedWorkflows(stack.client)).toBe(0), patience);
  });
});

describe('within two minutes', { timeout: 180_000 }, () => {
  let worker: ServerProcess | undefined;
  afterAll(async () => {
    await worker?.stop({ signal: 'SIGTERM' });
  });

  it('what was started, reset, signalled or deleted by hand goes on as Mailroom wants it', async () => {
    const reset = await aRunningAccount();
    const signalled = await aRunningAccount();
    await stack.db.updateTable('accounts').set({ enabled: true }).where('id', '=', reset.id).execute();
    await stack.stopWorkers();
    worker = await startWorkerProcess(stack, key);
    const schedule = stack.client.schedule.getHandle(RETENTION_SCHEDULE);
    await eventually(() => schedule.describe(), PROMISED);
    await schedule.delete();

    await temporal(
      'workflow',
      'reset',
      '-w',
      reset.handle.workflowId,
      '--type',
      'LastWorkflowTask',
      '--reason',
      'test',
    );
    // What the UI and the command line send is not encrypted, and refused by every worker.
    await temporal('workflow', 'signal', '-w', signalled.handle.workflowId, '--name', 'ring', '--input', '{}');
    const plain = async (type: string, workflowId: string, input: unknown) => {
      const options = ['--type', type, '-w', workflowId, '-t', TASK_QUEUE, '--input', JSON.stringify(input)];
      await temporal('workflow', 'start', ...options);
      return workflowId;
    };
    const copy = await plain(MAILBOX_WORKFLOW, 'a-copy', { accountId: signalled.id });
    const answerId = randomUUID();
    const answer = await plain(ANSWER_WORKFLOW, answerWorkflowId(answerId), { answerId, waitMs: 0 });
    const { runId: signalledRun } = await signalled.handle.describe();
    // As many readers as there are shares, and one of them is missing.
    await workflowOf(readerWorkflowId(3)).terminate('by hand');
    await plain(READER_WORKFLOW, 'reader-copy', { share: 3 });

    await eventually(async () => {
      expect(await reset.handle.query(queryNames.status)).toMatchObject({ state: 'authenticated' });
      expect(await statusOf(copy)).toBe('TERMINATED');
      expect(await statusOf(answer)).toBe('TERMINATED');
      expect(await statusOf(readerWorkflowId(3))).toBe('RUNNING');
      expect(await signalled.handle.query(queryNames.status)).toMatchObject({ state: 'paused' });
      expect((await schedule.describe()).scheduleId).toBe(RETENTION_SCHEDULE);
    }, PROMISED);
    expect((await signalled.handle.describe()).runId).not.toBe(signalledRun);
    expect(await findAccountFacts(stack.db, signalled.id)).toMatchObject({ removed: false, enabled: false });
  });
});
