import { randomUUID } from 'node:crypto';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId, queryNames } from '../../contract/mailbox.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { type Failure, isFailure } from '../../domain/failure.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { bundleRelease } from '../support/release-bundle.ts';
import { patches } from '../support/releases/additions.ts';
import { replayHistory } from '../support/replay-history.ts';
import { aReturnedSignIn, insertSettings } from '../support/simulated-organisation.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { temporalCommand } from '../support/temporal-command.ts';

/**
 * What docs/operations.md ("Stopping and updating") and CONTRIBUTING.md ("A change to a workflow") promise, with workers
 * of two releases. The later ones are under test/support/releases/.
 */

let simulator: Simulator;
let stack: Awaited<ReturnType<typeof startMailboxWorker>>;
let careful: Awaited<ReturnType<typeof bundleRelease>>;
let careless: Awaited<ReturnType<typeof bundleRelease>>;

beforeAll(async () => {
  simulator = await startSimulator();
  [stack, careful, careless] = await Promise.all([
    startMailboxWorker({ simulatorUrl: simulator.url }),
    bundleRelease('careful'),
    bundleRelease('careless'),
  ]);
  await insertSettings(stack);
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([simulator.close(), careful.remove(), careless.remove()]);
});

const actor = 'user:test';
const catchUp = { actor, mode: 'catch-up' } as const;
/** A worker tells only of the first failure of a task in a row; each further one costs Temporal's ten seconds for a task. */
const PATIENCE = { timeoutMs: 45_000 };

/** An account that waits for a sign-in whose browser came back. */
async function awaiting() {
  const address = `${randomUUID()}@contoso.example`;
  const account = { id: await anAccount(stack.db, { address, signIn: 'awaiting', captureFrom: null }), address };
  const signInId = await aReturnedSignIn(stack, simulator.url, account);
  await stack.mailboxes.start(account);
  await workflowOf(account.id).query(queryNames.status); // answered by a worker, so the run has begun
  return { account, signInId };
}

/** An account that is signed in, and whose mailbox is read. */
async function ingesting(): Promise<MailboxRef> {
  const { account, signInId } = await awaiting();
  expect(await stack.mailboxes.authenticate(account, { signInId })).toMatchObject({ ok: true });
  await deliver(account, 'first');
  await untilCaptured(account, 'first');
  await untilWatched(account);
  return account;
}

/** No drain is under way any more. */
async function untilWatched({ id }: MailboxRef): Promise<void> {
  await eventually(async () => {
    const watch = stack.db.selectFrom('watches').select('dueAt').where('accountId', '=', id);
    expect((await watch.executeTakeFirstOrThrow()).dueAt).toBeInstanceOf(Date);
  }, PATIENCE);
}

async function paused(): Promise<MailboxRef> {
  const account = await ingesting();
  await stack.mailboxes.pause(account, { actor });
  return account;
}

async function deliver({ address }: MailboxRef, ...subjects: string[]): Promise<void> {
  const control = createSimulatorControl(simulator.url);
  for (const subject of subjects) await control.deliver(address, { subject });
}

/** Gives the workflows something to do: mail alone is captured without them. */
async function wake(...accounts: MailboxRef[]): Promise<void> {
  await Promise.all(accounts.map((account) => stack.mailboxes.wake(account, { because: 'asked-for' })));
}

/** Captured, each once. */
async function untilCaptured(account: MailboxRef, ...subjects: string[]): Promise<void> {
  await eventually(async () => expect((await captured(account)).sort()).toEqual(subjects.sort()), PATIENCE);
}

async function captured({ id }: MailboxRef): Promise<string[]> {
  const rows = await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute();
  return rows.map(({ subject }) => subject ?? '');
}

/** The paths of the later release that the account's run has taken. */
async function pathsOf({ id }: MailboxRef): Promise<unknown> {
  const { searchAttributes } = await workflowOf(id).describe();
  const added = new Set<unknown>(Object.values(patches));
  return (searchAttributes.TemporalChangeVersion ?? []).filter((path) => added.has(path));
}

/** The account's run has met a worker that could not replay it. */
async function untilStuck({ id }: MailboxRef): Promise<void> {
  await eventually(async () => {
    const { events } = await workflowOf(id).fetchHistory();
    const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? []);
    expect(failures.map(({ failure }) => failure?.message)).toContainEqual(expect.stringMatching('TMPRL1100'));
  }, PATIENCE);
}

/** Only a worker of this release runs from now on; of the present one, when none is given. */
async function changeTo(release?: { readonly path: string }): Promise<() => Promise<void>> {
  await stack.stopWorkers();
  return await stack.startWorker(release?.path);
}

/** Lets runs begin anew, as docs/operations.md says it. */
async function restartAll(query: string): Promise<void> {
  const how = ['--type', 'FirstWorkflowTask', '--reapply-exclude', 'All', '--reason', 'rolled back', '--yes'];
  await temporalCommand(stack.temporal, 'workflow', 'reset', '--query', query, ...how);
}

const workflowOf = (accountId: string) => stack.client.workflow.getHandle(mailboxWorkflowId(accountId));
const failureOf = (answer: Promise<unknown>): Promise<Failure> =>
  answer.then(
    () => expect.fail('should have failed'),
    (error: Failure) => error,
  );

/** Gives a command until it is answered. One of which nobody knew the outcome may have been carried out. */
async function untilAnswered(command: () => Promise<unknown>): Promise<void> {
  await eventually(async () => {
    await command().catch((error: unknown) => {
      if (!isFailure(error, 'InvalidTransition')) throw error;
    });
  }, PATIENCE);
}

describe('a later release', { timeout: 120_000 }, () => {
  it('takes running workflows over where they are, with their mail and their commands', async () => {
    const reader = await ingesting();
    const sleeper = await paused();
    const { account: newcomer, signInId } = await awaiting();
    await changeTo(careful);

    await Promise.all([deliver(reader, 'second'), deliver(sleeper, 'second')]);
    expect(await stack.mailboxes.authenticate(newcomer, { signInId })).toEqual({ ok: true, state: 'authenticated' });
    await deliver(newcomer, 'first');
    expect(await stack.mailboxes.resume(sleeper, catchUp)).toMatchObject({ state: 'authenticated' });
    await untilCaptured(reader, 'first', 'second');
    await untilCaptured(sleeper, 'first', 'second');
    await untilCaptured(newcomer, 'first');
    await wake(reader);
    await eventually(async () => expect(await pathsOf(reader)).toEqual([patches.beforeDrain]), PATIENCE);
    expect(await stack.mailboxes.pause(reader, { actor })).toMatchObject({ state: 'paused' });
    expect(await stack.mailboxes.remove(newcomer, { actor })).toMatchObject({ tokensDeleted: true });

    // What lies behind a run stays as it was; what it passes again is new.
    for (const account of [sleeper, newcomer]) expect(await pathsOf(account)).toEqual([patches.beforeDrain]);
    expect(await pathsOf(await ingesting())).toEqual([patches.atBeginning, patches.beforeDrain]);
  });

  it('shares the queue with the one before: a run that a worker cannot replay waits for one that can', async () => {
    await changeTo();
    const before = await ingesting();
    await changeTo(careful);
    const after = await ingesting();
    const stopPresent = await changeTo();
    await Promise.all([deliver(before, 'second'), deliver(after, 'second'), wake(before, after)]);
    await untilStuck(after);
    expect(await failureOf(stack.mailboxes.pause(after, { actor }))).toMatchObject({ type: 'Unavailable' });
    await untilCaptured(before, 'first', 'second');
    await untilCaptured(after, 'first', 'second');

    await stack.startWorker(careful.path);
    await Promise.all([deliver(before, 'third'), deliver(after, 'third')]);
    await untilCaptured(before, 'first', 'second', 'third');
    await stopPresent();
    await untilAnswered(() => stack.mailboxes.pause(after, { actor }));
    expect(await findAccountFacts(stack.db, after.id)).toMatchObject({ enabled: false });
    await stack.mailboxes.resume(after, catchUp);
    await untilCaptured(after, 'first', 'second', 'third');
  });

  it('can be taken back: runs on its new paths begin anew, the others just go on', async () => {
    await changeTo();
    const untouched = await paused();
    await changeTo(careful);
    const reader = await ingesting();
    const sleeper = await paused();
    await changeTo();

    await Promise.all([untouched, reader, sleeper].map((account) => deliver(account, 'second')));
    await wake(reader);
    expect(await stack.mailboxes.resume(untouched, catchUp)).toMatchObject({ state: 'authenticated' });
    await untilCaptured(untouched, 'first', 'second');
    await untilStuck(reader);
    await untilCaptured(reader, 'first', 'second');
    await eventually(async () => {
      const failure = await failureOf(stack.mailboxes.resume(sleeper, catchUp));
      expect(failure).toMatchObject({ type: 'Unavailable', reason: 'workflow-stuck' });
    }, PATIENCE);

    const newPaths = Object.values(patches).map((patch) => `"${patch}"`);
    await restartAll(`TemporalChangeVersion IN (${newPaths}) AND ExecutionStatus = "Running"`);
    await untilAnswered(() => stack.mailboxes.pause(reader, { actor }));
    await untilAnswered(() => stack.mailboxes.resume(sleeper, catchUp));
    await untilCaptured(sleeper, 'first', 'second');
    for (const account of [untouched, reader, sleeper]) expect(await pathsOf(account)).toEqual([]);
  });

  it('without `patched` is found out by a replay, and does nothing to runs that began before', async () => {
    await changeTo();
    const before = await ingesting();
    const history = await workflowOf(before.id).fetchHistory();
    await replayHistory(history, { keys: stack.keys, workflowBundlePath: careful.path });
    await expect(replayHistory(history, { keys: stack.keys, workflowBundlePath: careless.path })).rejects.toThrow(
      DeterminismViolationError,
    );

    await changeTo(careless);
    const after = await ingesting();
    await Promise.all([deliver(before, 'second'), wake(before)]);
    await untilStuck(before);
    await untilCaptured(before, 'first', 'second');

    await changeTo();
    await untilAnswered(() => stack.mailboxes.pause(before, { actor }));
    await Promise.all([deliver(after, 'second'), wake(after)]);
    await untilStuck(after);
    await restartAll('WorkflowType = "mailbox" AND ExecutionStatus = "Running"');
    await untilCaptured(after, 'first', 'second');
    await untilAnswered(() => stack.mailboxes.pause(after, { actor }));
  });
});
