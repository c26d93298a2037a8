import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { createAccountTokens } from '../../ingest/access/mailbox-access.ts';
import type { Dependencies } from '../../ingest/dependencies.ts';
import { createBodyTexts } from '../../ingest/message/body-text.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createContents } from '../../temporal/contents.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';
import { startReaders } from '../../temporal/readers.ts';
import { createContentWorker } from '../../worker/create-content-worker.ts';
import { createMailboxWorker } from '../../worker/create-worker.ts';
import { startReadersOfProcess } from '../../worker/start-readers.ts';
import { aKeyRing } from './builders.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestNamespace } from './test-temporal.ts';

/** Nothing listens there: Microsoft is away. */
const NOBODY = 'http://127.0.0.1:9';

const SILENT = pino({ level: 'silent' });
const CONCURRENT_POLLS = 5;
const SHARES = 4;

/**
 * A worker in this process on a database and a Temporal namespace of its own, with the commands to its mailboxes. Reads
 * mail from the simulator at `simulatorUrl`, or finds nobody there. Others can run beside it or in its place.
 */
export async function startMailboxWorker({ simulatorUrl = NOBODY, keys = aKeyRing(), ...changed }: WorkerOptions = {}) {
  const [database, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const { address, namespace } = temporal;
  const db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
  const client = openTemporalClient({ address, namespace, keys });
  const cloud = microsoftCloud('simulator', simulatorUrl);
  const dependencies: Dependencies = {
    db,
    keys,
    cloud,
    tokens: createAccountTokens({ db, keys, cloud }),
    sendingTokens: createAccountTokens({ db, keys, cloud }, 'sending'),
    bodyTexts: createBodyTexts(),
    deltaPageSize: 50,
    watchIntervals: { pollMs: 1_000, backstopMs: 5_000 },
    notificationUrl: undefined,
    drainHeartbeatTimeoutMs: 5_000,
    showsColumns: true,
    ...changed,
  };
  const mailboxes = createMailboxes(client);
  const stops = new Set<() => Promise<void>>();

  /** Starts one with these workflows; returns the function that stops it. */
  async function startWorker(workflowBundlePath = inject('workflowBundlePath')): Promise<() => Promise<void>> {
    // Its own, as in a process of its own: the SDK refuses a second worker of one queue on the same connection.
    const connection = await NativeConnection.connect({ address });
    const worker = await createMailboxWorker(dependencies, {
      connection,
      namespace,
      workflowBundle: { codePath: workflowBundlePath },
      maxConcurrentActivities: 20,
      maxCachedWorkflows: 20,
    });
    const readers = startReadersOfProcess(dependencies, {
      mailboxes,
      database: { url: database.url, applicationName: 'test' },
      logger: SILENT,
      shares: SHARES,
      maxConcurrentPolls: CONCURRENT_POLLS,
    });
    const placements = await readers.join({
      connection,
      namespace,
      workflowBundle: { codePath: workflowBundlePath },
      showsColumns: true,
    });
    await startReaders(client, SHARES);
    const contents = await createContentWorker(dependencies, {
      connection,
      namespace,
      workflowBundle: { codePath: workflowBundlePath },
    });
    const running = Promise.all([worker.run(), placements.run(), contents.run()]);
    const stop = async () => {
      stops.delete(stop);
      worker.shutdown();
      placements.shutdown();
      contents.shutdown();
      await Promise.all([readers.stop(), running]);
      await connection.close();
    };
    stops.add(stop);
    return stop;
  }

  const stopWorkers = async () => {
    await Promise.all([...stops].map((stop) => stop()));
  };
  await startWorker();
  return {
    db,
    keys,
    client,
    databaseUrl: database.url,
    temporal,
    mailboxes,
    contents: createContents(client),
    startWorker,
    stopWorkers,
    async stop() {
      await stopWorkers();
      await Promise.all([client.connection.close(), db.destroy(), dependencies.bodyTexts.close()]);
      await database.drop();
    },
  };
}

type WorkerOptions = Partial<Omit<Dependencies, 'db' | 'cloud'>> & { readonly simulatorUrl?: string };
