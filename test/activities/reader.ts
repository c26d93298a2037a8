import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../activities/create-activities.ts';
import type { DrainReport, ReconcileReport } from '../../contract/activities.ts';
import type { SendingReport } from '../../contract/answer.ts';
import type { AuthenticateResult } from '../../contract/mailbox.ts';
import { saveSettings } from '../../database/accounts/settings.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { openPolls, settlePolls } from '../../database/ingest/polls.ts';
import { stopPolling } from '../../database/ingest/watches.ts';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createAccountTokens } from '../../ingest/access/mailbox-access.ts';
import type { Dependencies } from '../../ingest/dependencies.ts';
import { createBodyTexts } from '../../ingest/message/body-text.ts';
import { concludePoll } from '../../ingest/poll/conclude-poll.ts';
import { createPoller, type Poll } from '../../ingest/poll/poll-mailbox.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { signedIn, simulatorSettings } from '../graph/simulated-sign-in.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { createTestDatabase } from '../support/test-database.ts';

interface Message {
  readonly id: string;
}

export interface ReaderOptions extends Partial<Omit<Dependencies, 'db' | 'cloud' | 'tokens'>> {
  readonly keys: Dependencies['keys'];
}

/** What activities are made with, on a database and a simulator that run already. */
export function dependenciesOf(db: Database, simulatorUrl: string, options: ReaderOptions): Dependencies {
  const cloud = microsoftCloud('simulator', simulatorUrl);
  return {
    db,
    cloud,
    tokens: createAccountTokens({ db, cloud, keys: options.keys }),
    sendingTokens: createAccountTokens({ db, cloud, keys: options.keys }, 'sending'),
    bodyTexts: createBodyTexts(),
    deltaPageSize: 500,
    watchIntervals: { pollMs: 1_000, backstopMs: 5_000 },
    notificationUrl: undefined,
    drainHeartbeatTimeoutMs: 1_000,
    ...options,
  };
}

/** Runs activities outside of a worker: as a worker would, one attempt at a time. */
export function createRunner(dependencies: Dependencies) {
  const { drain, reconcile, redeemSignIn, sendAnswer } = createActivities(dependencies);
  const attempt = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return {
    drain: (accountId: string) => attempt().run<[string], DrainReport, typeof drain>(drain, accountId),
    redeemSignIn: (accountId: string, signInId: string) =>
      attempt().run<[string, string], AuthenticateResult, typeof redeemSignIn>(redeemSignIn, accountId, signInId),
    sendAnswer: (answerId: string) => attempt().run<[string], SendingReport, typeof sendAnswer>(sendAnswer, answerId),
    reconcile: (accountId: string) => attempt().run<[string], ReconcileReport, typeof reconcile>(reconcile, accountId),
  };
}

/** Activities that read mailboxes of a simulator, in this process, on a database of their own. */
export async function startReader(options: Partial<ReaderOptions> = {}) {
  const simulator: Simulator = await startSimulator();
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
  const { keys = aKeyRing(), ...rest } = options;
  await saveSettings(db, keys, 'test', simulatorSettings);
  const dependencies = dependenciesOf(db, simulator.url, { keys, ...rest });
  const control = createSimulatorControl(simulator.url);
  const poller = createPoller(dependencies);
  const runner = createRunner(dependencies);
  const messagesOf = (address: string) => `/mailboxes/${address}/messages`;

  return {
    ...runner,
    db,
    databaseUrl: database.url,
    simulatorUrl: simulator.url,
    dependencies,
    control,
    /** A mailbox of its own, signed in and drained to its end; mail received since 2020 is captured. */
    async connect(name = randomUUID()) {
      const address = `${name}@contoso.example`;
      const id = await anAccount(db, { address });
      const store = await signedIn(dependencies.cloud, address);
      await putTokenCache(db, keys, id, (await store.read())?.cache ?? '');
      await stopPolling(db, id, 'turned-on');
      await runner.drain(id);
      return { id, address };
    },
    /** Delivers mail that was received some minutes ago: older than what a comparison leaves to drains. */
    deliver: (address: string, subject: string, { folder = 'inbox', minutesAgo = 10 } = {}) => {
      const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
      return control.call<Message>('POST', `${messagesOf(address)}?folder=${folder}&receivedDateTime=${at}`, {
        subject,
        text: 'Hello',
      });
    },
    move: (address: string, { id }: Message, folder: string) =>
      control.call<Message>('POST', `${messagesOf(address)}/${encodeURIComponent(id)}/move`, { folder }),
    /** Polls a mailbox as its reader does, at once, whatever its state. */
    async poll(accountId: string, stopped = new AbortController().signal): Promise<Poll> {
      const now = { dueAt: new Date(0), notBefore: new Date(0) };
      await db.updateTable('watches').set(now).where('accountId', '=', accountId).execute();
      const [opened] = await openPolls(db, [accountId]);
      if (!opened) throw new Error('The account is not polled');
      const polled = await poller.poll(opened, stopped);
      const nextPoll = await concludePoll(dependencies, opened, polled);
      await settlePolls(db, dependencies.watchIntervals, [{ ...opened, ...polled, ...nextPoll, drain: polled.drain }]);
      return polled;
    },
    /** Makes a comparison due, and compares to the end. Returns the reports of its turns. */
    async compare(accountId: string) {
      await db
        .updateTable('reconciliations')
        .set({ dueAt: new Date(0) })
        .where('accountId', '=', accountId)
        .execute();
      await db
        .insertInto('reconciliations')
        .values({ accountId, dueAt: new Date(0) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const turns: ReconcileReport[] = [];
      do turns.push(await runner.reconcile(accountId));
      while (turns.at(-1)?.hasMore);
      return turns;
    },
    subjects: async (accountId: string) =>
      (
        await db
          .selectFrom('items')
          .innerJoin('messages', 'messages.id', 'items.messageId')
          .where('items.accountId', '=', accountId)
          .select('subject')
          .orderBy('subject')
          .execute()
      ).map(({ subject }) => subject),
    async stop() {
      await dependencies.bodyTexts.close();
      await db.destroy();
      await simulator.close();
      await database.drop();
    },
  };
}

export type Reader = Awaited<ReturnType<typeof startReader>>;
