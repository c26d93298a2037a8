import { createHash, createSecretKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId } from '../../contract/mailbox.ts';
import { createKeyRing } from '../../encryption/key-ring.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { replayHistory } from '../support/replay-history.ts';
import { aReturnedSignIn, insertSettings } from '../support/simulated-organisation.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';

const { History } = proto.temporal.api.history.v1;
type History = proto.temporal.api.history.v1.IHistory;

/**
 * Histories of every release as protocol buffers, one file for each scenario; payloads are encrypted with a key that
 * protects nothing. A release that has none of a scenario yet gets the one that was just made: commit it.
 */
const histories = join(projectFolder, 'test', 'histories');
const release: string = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')).version;
const keys = createKeyRing([
  { id: 'histories', key: createSecretKey(createHash('sha256').update('recorded histories').digest()) },
]);

let simulator: Simulator;
let stack: Awaited<ReturnType<typeof startMailboxWorker>>;

beforeAll(async () => {
  simulator = await startSimulator();
  stack = await startMailboxWorker({ simulatorUrl: simulator.url, keys });
  await insertSettings(stack);
});
afterAll(async () => {
  await stack.stop();
  await simulator.close();
});

const actor = 'user:test';
const PATIENCE = { timeoutMs: 20_000 };

const replay = (history: History) => replayHistory(history, { keys });

async function historyOf(scenario: string, accountId: string, runId?: string): Promise<History> {
  const history = await stack.client.workflow.getHandle(mailboxWorkflowId(accountId), runId).fetchHistory();
  const file = join(histories, release, `${scenario}.binpb`);
  if (!existsSync(file)) {
    mkdirSync(join(histories, release), { recursive: true });
    writeFileSync(file, History.encode(history).finish());
  }
  return history;
}

describe('a history that was just made replays', () => {
  it('from the sign-in over mail, a pause and a revoked sign-in to the removal', async () => {
    const address = 'replay@contoso.example';
    const id = await anAccount(stack.db, { address, signIn: 'awaiting', captureFrom: null });
    const account = { id, address };
    const control = createSimulatorControl(simulator.url);
    const captured = () => stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute();

    const signInId = await aReturnedSignIn(stack, simulator.url, account);
    await stack.mailboxes.start(account);
    expect(await stack.mailboxes.authenticate(account, { signInId })).toEqual({ ok: true, state: 'authenticated' });
    await control.deliver(address, { subject: 'one' });
    await eventually(async () => expect(await captured()).toHaveLength(1), PATIENCE);
    await stack.mailboxes.pause(account, { actor });
    await control.deliver(address, { subject: 'two' });
    await stack.mailboxes.resume(account, { actor, mode: 'catch-up' });
    await eventually(async () => expect(await captured()).toHaveLength(2), PATIENCE);
    await control.revoke(address, 'session-revoked');
    await eventually(
      async () =>
        expect(await stack.client.workflow.getHandle(mailboxWorkflowId(id)).query('status')).toMatchObject({
          state: 'sign-in-needed',
        }),
      PATIENCE,
    );
    await stack.mailboxes.wake(account, { because: 'asked-for' });
    await stack.mailboxes.remove(account, { actor });
    await replay(await historyOf('life', id));
  });

  it('of a sign-in that expired', async () => {
    const id = await anAccount(stack.db, { signIn: 'awaiting' });
    const account = { id, address: 'expired@contoso.example' };
    await stack.mailboxes.start(account);
    await eventually(async () => {
      const { signIn } = await stack.db
        .selectFrom('accounts')
        .select('signIn')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect(signIn).toBe('expired');
    }, PATIENCE);
    await stack.mailboxes.remove(account, { actor });
    await replay(await historyOf('expired', id));
  });

  it('of commands that came at once, and interrupted each other', async () => {
    const id = await anAccount(stack.db);
    const account = { id, address: 'commands@contoso.example' };
    await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0
          ? stack.mailboxes.pause(account, { actor })
          : stack.mailboxes.resume(account, { actor, mode: 'catch-up' }),
      ),
    );
    await stack.mailboxes.remove(account, { actor });
    await replay(await historyOf('commands', id));
  });
});

describe('recorded histories', () => {
  const recorded = existsSync(histories)
    ? readdirSync(histories, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.binpb'))
    : [];
  const read = (file: string) => History.decode(readFileSync(join(histories, file)));

  it.each(recorded)('%s replays', async (file) => {
    await replay(read(file));
  });

  it('are noticed when this code would not have made them', async () => {
    const file = recorded.find((name) => basename(name) === 'life.binpb') ?? expect.fail('no recorded life');
    const history = read(file);
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? []) {
      if (scheduled?.activityType?.name === 'readAccount') scheduled.activityType.name = 'drain';
    }
    await expect(replay(history)).rejects.toThrow();
  });
});
