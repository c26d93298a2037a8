import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId, queryNames } from '../../contract/mailbox.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { openDatabase } from '../../database/database.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createMailboxRuns } from '../../temporal/mailbox-runs.ts';
import { createMailboxes, type MailboxRef } from '../../temporal/mailboxes.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { holdLocks } from '../support/hold-locks.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { aReturnedSignIn, insertSettings } from '../support/simulated-organisation.ts';
import { temporalCommand } from '../support/temporal-command.ts';

/** Commands whose workflow ends while it carries them out. They are decided by the row, so they can be sent again. */

let simulator: Simulator;
let stack: Awaited<ReturnType<typeof startMailboxWorker>>;
beforeAll(async () => {
  simulator = await startSimulator();
  stack = await startMailboxWorker({ simulatorUrl: simulator.url });
  await insertSettings(stack);
});
afterAll(async () => {
  await stack.stop();
  await simulator.close();
});

const actor = 'user:test';
const PATIENCE = { timeoutMs: 20_000 };
const aCommand = () => ({ actor, id: randomUUID() });
const workflowOf = ({ id }: MailboxRef) => stack.client.workflow.getHandle(mailboxWorkflowId(id));
const reset = ({ id }: MailboxRef, ...how: string[]) => {
  const options = ['--type', 'FirstWorkflowTask', '--reason', 'a test', ...how];
  return temporalCommand(stack.temporal, 'workflow', 'reset', '--workflow-id', mailboxWorkflowId(id), ...options);
};

async function anAccountWithRun(changes: Parameters<typeof anAccount>[1] = {}): Promise<MailboxRef> {
  const address = `${randomUUID()}@contoso.example`;
  const ref = { id: await anAccount(stack.db, { address, ...changes }), address };
  await stack.mailboxes.start(ref);
  await workflowOf(ref).query(queryNames.status);
  return ref;
}

/** The accounts' rows are locked until the returned function is called: commands begin and wait. */
async function lockRows(accounts: readonly MailboxRef[]): Promise<() => Promise<void>> {
  const db = openDatabase({ url: stack.databaseUrl, poolSize: 1, applicationName: 'test-lock' });
  const ids = accounts.map(({ id }) => id);
  const unlock = await holdLocks(db, (trx) =>
    trx.selectFrom('accounts').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute(),
  );
  return async () => {
    await unlock();
    await db.destroy();
  };
}

async function untilUnderWay(account: MailboxRef, activity: string): Promise<void> {
  await eventually(async () => {
    const { raw } = await workflowOf(account).describe();
    expect((raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name)).toContain(activity);
  }, PATIENCE);
}

describe('a command is carried out once, and answered, although its workflow is', () => {
  it.each<[string, (account: MailboxRef) => Promise<unknown>]>([
    ['terminated', (account) => workflowOf(account).terminate('by a test')],
    ['restarted', (account) => createMailboxRuns(stack.client).restart(account)],
    ['reset', (account) => reset(account)],
    ['reset without what it has received', (account) => reset(account, '--reapply-exclude', 'All')],
    [
      'deleted',
      ({ id }) =>
        stack.client.workflowService.deleteWorkflowExecution({
          namespace: stack.temporal.namespace,
          workflowExecution: { workflowId: mailboxWorkflowId(id) },
        }),
    ],
  ])('%s', { timeout: 60_000 }, async (_end, end) => {
    const [toPause, toResume, toRemove, toConnect] = await Promise.all([
      anAccountWithRun(),
      anAccountWithRun({ enabled: false }),
      anAccountWithRun({ enabled: false }),
      anAccountWithRun({ signIn: 'needed' }),
    ]);
    const accounts = [toPause, toResume, toRemove, toConnect];
    const signInId = await aReturnedSignIn(stack, simulator.url, toConnect);
    const unlock = await lockRows(accounts);
    const answers = Promise.all([
      stack.mailboxes.pause(toPause, aCommand()),
      stack.mailboxes.resume(toResume, { ...aCommand(), mode: 'catch-up' }),
      stack.mailboxes.remove(toRemove, aCommand()),
      stack.mailboxes.authenticate(toConnect, { signInId, id: randomUUID() }),
    ]).catch((error: unknown) => ({ error }));
    await Promise.all([
      untilUnderWay(toPause, 'pauseAccount'),
      untilUnderWay(toResume, 'resumeAccount'),
      untilUnderWay(toRemove, 'cleanUp'),
      untilUnderWay(toConnect, 'redeemSignIn'),
    ]);
    await Promise.all(accounts.map(end));
    await unlock();
    expect(await answers).toMatchObject([
      { receipt: { outcome: 'done' } },
      { receipt: { outcome: 'done' } },
      { tokensDeleted: expect.any(Boolean) },
      { ok: true, state: 'authenticated' },
    ]);
    const facts = await Promise.all(accounts.map(({ id }) => findAccountFacts(stack.db, id)));
    expect(facts).toMatchObject([{ enabled: false }, { enabled: true }, { removed: true }, { signIn: 'done' }]);
    const events = stack.db.selectFrom('events').select('name').where('accountId', 'in', [toPause.id, toResume.id]);
    const names = (await events.execute()).map(({ name }) => name);
    expect(names.filter((name) => name === 'account.paused' || name === 'account.resumed').sort()).toEqual([
      'account.paused',
      'account.resumed',
    ]);
  });
});

describe('a command', () => {
  it('that no worker has accepted goes to the run that replaces the one that was ended', async () => {
    const account = await anAccountWithRun({ enabled: false });
    const before = await workflowOf(account).describe();
    await stack.stopWorkers();
    const answer = stack.mailboxes
      .resume(account, { ...aCommand(), mode: 'catch-up' })
      .catch((error: unknown) => error);
    await eventually(async () => {
      const { raw } = await workflowOf(account).describe();
      expect(raw.pendingWorkflowTask).toBeTruthy();
    }, PATIENCE);
    await createMailboxRuns(stack.client).restart(account);
    expect(await findAccountFacts(stack.db, account.id)).toMatchObject({ enabled: false });
    await stack.startWorker();
    expect(await answer).toMatchObject({ state: 'authenticated', receipt: { outcome: 'done' } });
    expect((await workflowOf(account).describe()).runId).not.toBe(before.runId);
  });

  it('is answered as not known while every run is ended', { timeout: 20_000 }, async () => {
    const account = await anAccountWithRun({ enabled: false });
    const unlock = await lockRows([account]);
    let isAnswered = false;
    const answer = stack.mailboxes
      .resume(account, { ...aCommand(), mode: 'catch-up' })
      .catch((error: unknown) => error)
      .finally(() => {
        isAnswered = true;
      });
    await untilUnderWay(account, 'resumeAccount');
    await eventually(async () => {
      await workflowOf(account)
        .terminate('by a test')
        .catch(() => {});
      expect(isAnswered).toBe(true);
    }, PATIENCE);
    expect(await answer).toMatchObject({ type: 'Unavailable', reason: 'workflow-ended', isUnclear: true });
    await unlock();
  });

  it('is answered as not possible while Temporal does not have the namespace', async () => {
    const account = { id: await anAccount(stack.db), address: 'lost@contoso.example' };
    const client = openTemporalClient({ ...stack.temporal, namespace: 'lost', keys: stack.keys });
    const mailboxes = createMailboxes(client);
    const failure = (answer: Promise<unknown>) => answer.catch((error: unknown) => error);
    const missing = { type: 'Unavailable', reason: 'namespace-missing', isUnclear: false };
    expect(await failure(mailboxes.pause(account, aCommand()))).toMatchObject(missing);
    expect(await failure(mailboxes.start(account))).toMatchObject(missing);
    expect(await failure(mailboxes.wake(account, { because: 'asked-for' }))).toMatchObject(missing);
    await client.connection.close();
  });
});
