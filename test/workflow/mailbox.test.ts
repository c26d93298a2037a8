import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailboxWorkflowId, searchAttributeNames, signalNames } from '../../contract/mailbox.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { removeAccount } from '../../database/accounts/account-removal.ts';
import { CLIENT_SECRET_CONTEXT } from '../../database/accounts/settings-credential.ts';
import { accountStateWords } from '../../domain/account-state.ts';
import type { Failure } from '../../domain/failure.ts';
import { HISTORY_EVENTS_PER_RUN } from '../../domain/schedule.ts';
import { createEncryptingCodec } from '../../temporal/encrypting-codec.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startMailboxWorker } from '../support/mailbox-worker.ts';
import { readableInTemporal } from '../support/readable-in-temporal.ts';

type Stack = Awaited<ReturnType<typeof startMailboxWorker>>;
let stack: Stack;

beforeAll(async () => {
  stack = await startMailboxWorker();
});
afterAll(() => stack.stop());

const actor = 'user:test';
const ADDRESS = 'support@contoso.example';
/** The deadline of a command is eight seconds; the rest is for a busy machine. */
const ANSWERED_WITHIN_MS = 11_000;
/** A hundredth of it on a machine with nothing else to do. */
const AT_ONCE_MS = 3_000;
const ref = (id: string) => ({ id, address: ADDRESS });
const describeWorkflow = (id: string) => stack.client.workflow.getHandle(mailboxWorkflowId(id)).describe();
const aCommand = () => ({ actor, id: randomUUID() });
const anAttempt = (accountId: string, expiresInMs: number) =>
  stack.db
    .insertInto('signIns')
    .values({
      accountId,
      stateHash: randomBytes(32),
      nonce: 'x',
      codeVerifier: 'x',
      redirectUri: 'x',
      expiresAt: new Date(Date.now() + expiresInMs),
      code: null,
      failureReason: null,
    })
    .returning(['id', 'expiresAt'])
    .executeTakeFirstOrThrow();
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('should have been refused'),
    (error: Failure) => ({ type: error.type, message: error.message }),
  );

describe('the mailbox workflow', () => {
  it('pauses and resumes, in the row and in its answer', async () => {
    const id = await anAccount(stack.db);
    const paused = await stack.mailboxes.pause(ref(id), aCommand());
    expect(paused).toMatchObject({ accountId: id, state: 'paused', receipt: { outcome: 'done' } });
    expect(await findAccountFacts(stack.db, id)).toMatchObject({ enabled: false });
    expect(await stack.mailboxes.resume(ref(id), { actor, mode: 'catch-up' })).toMatchObject({
      state: 'authenticated',
    });
    expect(await findAccountFacts(stack.db, id)).toMatchObject({ enabled: true });
  });

  it('answers what is so already by the row, whatever it knew of the row before', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.mailboxes.start(ref(id));
    await eventually(async () => expect((await describeWorkflow(id)).searchAttributes).toHaveProperty('MailroomState'));
    const already = { state: 'paused', receipt: { outcome: 'unchanged' } };
    expect(await stack.mailboxes.pause(ref(id), aCommand())).toMatchObject(already);
    await stack.db.updateTable('accounts').set({ enabled: true }).where('id', '=', id).execute();
    const done = { state: 'paused', receipt: { outcome: 'done' } };
    expect(await stack.mailboxes.pause(ref(id), aCommand())).toMatchObject(done);
  });

  it.each([
    { was: 'paused', before: { enabled: false }, after: { enabled: true }, state: 'authenticated' },
    { was: 'sign-in-needed', before: { signIn: 'needed' }, after: { signIn: 'done' }, state: 'authenticated' },
    { was: 'awaiting-sign-in', before: { signIn: 'awaiting' }, after: { signIn: 'expired' }, state: 'sign-in-expired' },
    { was: 'authenticated', before: {}, after: { enabled: false }, state: 'paused' },
  ] as const)('reads its row again when it is woken while $was', async ({ was, before, after, state }) => {
    const id = await anAccount(stack.db, before);
    if ('signIn' in before && before.signIn === 'awaiting') await anAttempt(id, 60_000);
    await stack.mailboxes.start(ref(id));
    const status = () => stack.client.workflow.getHandle(mailboxWorkflowId(id)).query('status');
    await eventually(async () => expect(await status()).toMatchObject({ state: was }));
    await stack.db.updateTable('accounts').set(after).where('id', '=', id).execute();
    await stack.mailboxes.wake(ref(id), { because: 'stale' });
    await eventually(async () => expect(await status()).toMatchObject({ state }));
    const word = accountStateWords[state];
    await eventually(async () =>
      expect((await describeWorkflow(id)).searchAttributes).toMatchObject({ MailroomState: [word] }),
    );
  });

  it('ends when it is woken, and its row says that the account is removed', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.mailboxes.start(ref(id));
    await eventually(async () => expect((await describeWorkflow(id)).searchAttributes).toHaveProperty('MailroomState'));
    await removeAccount(stack.db, id, actor);
    expect(await failureOf(stack.mailboxes.pause(ref(id), aCommand()))).toMatchObject({ type: 'InvalidTransition' });
    await eventually(async () => expect((await describeWorkflow(id)).status.name).toBe('COMPLETED'));
  });

  it('ends when it drains an account that does not exist, because a backup from before it was restored', async () => {
    const id = await anAccount(stack.db);
    await stack.mailboxes.start(ref(id));
    await eventually(async () => expect((await describeWorkflow(id)).searchAttributes).toHaveProperty('MailroomState'));
    await stack.db.deleteFrom('accounts').where('id', '=', id).execute();
    await stack.client.workflow.getHandle(mailboxWorkflowId(id)).signal(signalNames.wake);
    await eventually(async () => expect((await describeWorkflow(id)).status.name).toBe('COMPLETED'));
  });

  it('refuses an API of the release before as that release did', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    expect(await failureOf(stack.mailboxes.pause(ref(id), { actor }))).toEqual({
      type: 'InvalidTransition',
      message: 'Already paused',
    });
  });

  it('takes commands one after another, however many come at once', async () => {
    const id = await anAccount(stack.db);
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0
          ? stack.mailboxes.pause(ref(id), aCommand())
          : stack.mailboxes.resume(ref(id), { ...aCommand(), mode: 'catch-up' }),
      ),
    );
    const facts = await findAccountFacts(stack.db, id);
    expect(results.map(({ state }) => state)).toHaveLength(6);
    expect(await stack.client.workflow.getHandle(mailboxWorkflowId(id)).query('status')).toEqual({
      accountId: id,
      state: facts?.enabled ? 'authenticated' : 'paused',
    });
  });

  it('answers a pause at once while a drain waits in a retry, and shows what hindered it', async () => {
    const id = await anAccount(stack.db);
    // None of the worker's keys decrypts it: an operator's mistake, until then tried again and again.
    await stack.db
      .insertInto('tokenCaches')
      .values({ accountId: id, cache: aKeyRing().encrypt('{}', `token_caches.cache|${id}`) })
      .execute();
    const settings = { tenantId: 'x', clientId: 'x', clientSecret: stack.keys.encrypt('x', CLIENT_SECRET_CONTEXT) };
    await stack.db
      .insertInto('settings')
      .values({ ...settings, clientSecretHint: '' })
      .execute();
    await stack.mailboxes.start(ref(id));
    const condition = () =>
      stack.db.selectFrom('accounts').select(['conditionType', 'conditionReason']).where('id', '=', id).execute();
    const undecipherable = { conditionType: 'Unavailable', conditionReason: 'key-missing' };
    await eventually(async () => expect(await condition()).toEqual([undecipherable]));
    await stack.db.deleteFrom('settings').execute();
    const askedAt = performance.now();
    expect(await stack.mailboxes.pause(ref(id), { actor })).toMatchObject({ state: 'paused' });
    expect(performance.now() - askedAt).toBeLessThan(AT_ONCE_MS);
    expect(await condition()).toEqual([{ conditionType: null, conditionReason: null }]);
    const { searchAttributes } = await describeWorkflow(id);
    expect(searchAttributes[searchAttributeNames.state]).toEqual(['Paused']);
  });

  it('shows what its account is and what hinders it in columns, and for what it waits in words, and nothing else once it is paused', async () => {
    const id = await anAccount(stack.db, { signInAs: 'anna@contoso.example' });
    const columns = async () => {
      const { MailroomMailbox, MailroomToday, MailroomTrouble } = (await describeWorkflow(id)).searchAttributes;
      return { MailroomMailbox, MailroomToday, MailroomTrouble };
    };
    const untilShown = (conditionType: string | null) =>
      eventually(
        async () => {
          await stack.db.updateTable('accounts').set({ conditionType }).where('id', '=', id).execute();
          await stack.mailboxes.wake(ref(id), { because: 'columns' });
          const shown = { MailroomMailbox: ['shared'], MailroomToday: [0], MailroomTrouble: [conditionType] };
          expect(await columns()).toEqual(shown);
        },
        { timeoutMs: 15_000 },
      );
    await stack.mailboxes.start(ref(id));
    await untilShown('Throttled');
    await untilShown(null);
    await stack.mailboxes.pause(ref(id), { actor });
    await eventually(async () => {
      const { events } = await stack.client.workflow.getHandle(mailboxWorkflowId(id)).fetchHistory();
      const over = new Set(
        (events ?? []).map(({ timerCanceledEventAttributes: cancelled, timerFiredEventAttributes: fired }) =>
          String((cancelled ?? fired)?.startedEventId),
        ),
      );
      const timers = (events ?? []).filter(
        ({ timerStartedEventAttributes: timer, eventId }) => timer && !over.has(String(eventId)),
      );
      const summaries = await createEncryptingCodec(stack.keys).decode(
        timers.map(({ userMetadata }) => userMetadata?.summary ?? {}),
      );
      expect(summaries.map(({ data }) => Buffer.from(data ?? []).toString())).toEqual([
        '"Paused: until the sign-in is used, so that it does not expire"',
      ]);
    });
  });

  it('waits for settings asleep, and not in a retry, and shows that they are missing', async () => {
    const id = await anAccount(stack.db);
    await stack.mailboxes.start(ref(id));
    await eventually(async () => {
      const { conditionType, conditionReason } = await stack.db
        .selectFrom('accounts')
        .select(['conditionType', 'conditionReason'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect([conditionType, conditionReason]).toEqual(['SettingsRejected', 'settings-missing']);
    });
    await eventually(async () => {
      const { raw } = await describeWorkflow(id);
      expect(raw.pendingActivities?.filter(({ activityType }) => activityType?.name === 'drain')).toEqual([]);
    });
  });

  it('expires a sign-in that nobody finishes, and waits again when it is started again', async () => {
    const id = await anAccount(stack.db, { signIn: 'awaiting' });
    await anAttempt(id, 1_000);
    await stack.mailboxes.start(ref(id));
    await eventually(async () => expect(await findAccountFacts(stack.db, id)).toMatchObject({ signIn: 'expired' }));

    const { id: signInId, expiresAt } = await anAttempt(id, 60_000);
    const command = { actor, id: signInId, signInId, expiresAt: expiresAt.getTime() };
    expect(await stack.mailboxes.awaitSignIn(ref(id), command)).toMatchObject({ state: 'awaiting-sign-in' });
  });

  it('removes the account with its tokens, gives a receipt, and ends', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.db
      .insertInto('tokenCaches')
      .values({ accountId: id, cache: stack.keys.encrypt('{}', `token_caches.cache|${id}`) })
      .execute();
    const receipt = await stack.mailboxes.remove(ref(id), { actor });
    expect(receipt).toMatchObject({ tokensDeleted: true, itemsKept: 0 });
    expect(await stack.db.selectFrom('tokenCaches').selectAll().where('accountId', '=', id).execute()).toEqual([]);
    await eventually(async () => expect((await describeWorkflow(id)).status.name).toBe('COMPLETED'));
  });

  describe('that an operator cancels in Temporal', () => {
    const workflowOf = (id: string) => stack.client.workflow.getHandle(mailboxWorkflowId(id));
    const actorsOfPauses = async (id: string) => {
      const pauses = stack.db.selectFrom('events').select('actor').where('name', '=', 'account.paused');
      return (await pauses.where('accountId', '=', id).execute()).map(({ actor: by }) => by);
    };
    /** Cancels, and waits until another run of the workflow went on with a disabled account. */
    async function cancel(id: string): Promise<void> {
      const { runId } = await describeWorkflow(id);
      await workflowOf(id).cancel();
      await eventually(async () => {
        const now = await describeWorkflow(id);
        expect([now.status.name, now.runId === runId]).toEqual(['RUNNING', false]);
      });
      expect(await findAccountFacts(stack.db, id)).toMatchObject({ enabled: false, removed: false });
    }

    it('disables its account, says by whom, and goes on, however often', async () => {
      const id = await anAccount(stack.db);
      await stack.mailboxes.start(ref(id));
      await cancel(id);
      expect(await stack.mailboxes.resume(ref(id), { actor, mode: 'catch-up' })).toMatchObject({
        state: 'authenticated',
      });
      await cancel(id);
      expect(await actorsOfPauses(id)).toEqual(['temporal', 'temporal']);
    });

    it.each(['awaiting', 'expired', 'needed'] as const)('disables one whose sign-in is %s as well', async (signIn) => {
      const id = await anAccount(stack.db, { signIn });
      await stack.mailboxes.start(ref(id));
      await cancel(id);
      expect(await findAccountFacts(stack.db, id)).toMatchObject({ signIn });
    });

    it('leaves one that is disabled as it is, and answers the commands that come at the same time', async () => {
      const id = await anAccount(stack.db, { enabled: false });
      await stack.mailboxes.start(ref(id));
      const { runId } = await describeWorkflow(id);
      const [, resumed] = await Promise.all([
        workflowOf(id).cancel(),
        stack.mailboxes.resume(ref(id), { actor, mode: 'catch-up' }),
        stack.mailboxes.countMissed(ref(id)).catch((error: Failure) => expect(error.type).not.toBe('Error')),
      ]);
      expect(resumed).toMatchObject({ accountId: id });
      await eventually(async () => expect((await describeWorkflow(id)).runId).not.toBe(runId));
      expect(await stack.mailboxes.remove(ref(id), { actor })).toMatchObject({ itemsKept: 0 });
    });
  });

  it('finds its state again after Temporal forgot the workflow', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.mailboxes.start(ref(id));
    await stack.client.workflow.getHandle(mailboxWorkflowId(id)).terminate('lost');
    expect(await stack.mailboxes.resume(ref(id), { actor, mode: 'catch-up' })).toMatchObject({
      state: 'authenticated',
    });
  });

  it('goes on in a new run before its history grows long, and drops no command on the way', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.mailboxes.start(ref(id));
    const { runId: firstRun } = await describeWorkflow(id);
    const first = { ...aCommand(), mode: 'catch-up' } as const;
    const { receipt } = await stack.mailboxes.resume(ref(id), first);
    expect(receipt).toMatchObject({ outcome: 'done' });
    await eventually(
      async () => {
        await stack.mailboxes.resume(ref(id), { ...aCommand(), mode: 'catch-up' });
        await stack.mailboxes.pause(ref(id), aCommand());
        expect((await describeWorkflow(id)).runId).not.toBe(firstRun);
      },
      { timeoutMs: 25_000, intervalMs: 0 },
    );
    // The run before knew of that command; of the row it is asked in any run.
    expect(await stack.mailboxes.resume(ref(id), first, { attempt: 2 })).toMatchObject({ receipt });
    expect(await findAccountFacts(stack.db, id)).toMatchObject({ enabled: false });
    const { historyLength } = await stack.client.workflow.getHandle(mailboxWorkflowId(id), firstRun).describe();
    expect(historyLength).toBeLessThan(HISTORY_EVENTS_PER_RUN + 100);
  });

  it('says that no worker answers, within the deadline', async () => {
    const id = await anAccount(stack.db);
    await stack.stopWorkers();
    try {
      const sentAt = performance.now();
      expect(await failureOf(stack.mailboxes.pause(ref(id), { actor }))).toMatchObject({ type: 'Unavailable' });
      expect(performance.now() - sentAt).toBeLessThan(ANSWERED_WITHIN_MS);
      expect(await findAccountFacts(stack.db, id)).toMatchObject({ enabled: true });
    } finally {
      await stack.startWorker();
    }
  });

  it('leaves nothing in Temporal that can be read without the keys, whatever happened in this file', async () => {
    const { texts, payloads } = await readableInTemporal(stack.client);
    // Words of the server, and the names of patches.
    const isServersOwn = (text: string) => /^("[A-Z_]+"|\{"id":"[a-z-]+","deprecated":false\})$/.test(text);
    const plain = payloads.filter(({ encoding, text }) => encoding !== 'binary/encrypted' && !isServersOwn(text));
    expect(plain).toEqual([]);
    expect(payloads.length).toBeGreaterThan(50);
    const secret = [ADDRESS, 'support@', actor, 'key-missing', 'Already paused', 'decrypted', '.ts:'];
    // One expectation for each of a hundred thousand texts would take half a minute.
    expect(texts.filter((text) => secret.some((word) => text.includes(word)))).toEqual([]);
  });

  it('shows the address to who has the keys', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    await stack.mailboxes.start(ref(id));
    expect(await (await describeWorkflow(id)).staticSummary()).toBe(ADDRESS);
  });
});
