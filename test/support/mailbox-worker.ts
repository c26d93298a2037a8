import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.ts';
import { createAccountTokens } from '../../activities/mailbox-access.ts';
import { openDatabase } from '../../database/database.ts';
import { listenToNotices } from '../../database/notices.ts';
import { DUE_CHANNEL } from '../../database/watches.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';
import { createMailboxWorker } from '../../worker/create-worker.ts';
import { startWatcher } from '../../worker/watcher.ts';
import { aKeyRing } from './builders.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestNamespace } from './test-temporal.ts';

/** Nothing listens there: Microsoft is away. */
const NOBODY = 'http://127.0.0.1:9';

const SILENT = pino({ level: 'silent' });
const CONCURRENT_LOOKS = 5;

/**
 * A worker in this process on a database and a Temporal namespace of its own, with the commands to its mailboxes. Reads
 * mail from the simulator at `simulatorUrl`, or finds nobody there.
 */
export async function startMailboxWorker({ simulatorUrl = NOBODY, keys = aKeyRing(), ...changed }: WorkerOptions = {}) {
  const [database, { address, namespace }] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
  const client = openTemporalClient({ address, namespace, keys });
  const connection = await NativeConnection.connect({ address });
  const cloud = microsoftCloud('simulator', simulatorUrl);
  const dependencies: Dependencies = {
    db,
    keys,
    cloud,
    tokens: createAccountTokens({ db, keys, cloud }),
    deltaPageSize: 50,
    watchIntervals: { pollMs: 1_000, backstopMs: 5_000 },
    notificationUrl: undefined,
    drainHeartbeatTimeoutMs: 5_000,
    ...changed,
  };
  const settings = {
    connection,
    namespace,
    workflowBundle: { codePath: inject('workflowBundlePath') },
    maxConcurrentActivities: 20,
    maxCachedWorkflows: 20,
  };
  let worker = await createMailboxWorker(dependencies, settings);
  let running = worker.run();

  const mailboxes = createMailboxes(client);
  let watcher = startWatcher(dependencies, mailboxes, SILENT, CONCURRENT_LOOKS);
  const wake = () => watcher.wake();
  const bells = listenToNotices(
    { url: database.url, applicationName: 'test', channel: DUE_CHANNEL },
    { onNotice: wake, onListening: wake, onLost() {} },
  );

  const stopWorker = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all([watcher.stop(), running]);
  };
  return {
    db,
    keys,
    client,
    mailboxes,
    stopWorker,
    async startWorker() {
      worker = await createMailboxWorker(dependencies, settings);
      running = worker.run();
      watcher = startWatcher(dependencies, mailboxes, SILENT, CONCURRENT_LOOKS);
    },
    async stop() {
      await stopWorker();
      await bells.close();
      await Promise.all([connection.close(), client.connection.close(), db.destroy()]);
      await database.drop();
    },
  };
}

type WorkerOptions = Partial<Omit<Dependencies, 'db' | 'cloud'>> & { readonly simulatorUrl?: string };
