import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Dependencies } from '../../activities/dependencies.ts';
import { openDatabase } from '../../database/database.ts';
import { microsoftCloud } from '../../graph/cloud.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createMailboxes } from '../../temporal/mailboxes.ts';
import { createMailboxWorker } from '../../worker/create-worker.ts';
import { aKeyRing } from './builders.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestNamespace } from './test-temporal.ts';

/** Nothing listens there: Microsoft is away. */
const NOBODY = 'http://127.0.0.1:9';

/**
 * A worker in this process on a database and a Temporal namespace of its own, with the commands to its mailboxes. Reads
 * mail from the simulator at `simulatorUrl`, or finds nobody there.
 */
export async function startMailboxWorker({ simulatorUrl = NOBODY, keys = aKeyRing(), ...changed }: WorkerOptions = {}) {
  const [database, { address, namespace }] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
  const client = openTemporalClient({ address, namespace, keys });
  const connection = await NativeConnection.connect({ address });
  const dependencies: Dependencies = {
    db,
    keys,
    cloud: microsoftCloud('simulator', simulatorUrl),
    deltaPageSize: 50,
    pollIntervalMs: 1_000,
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

  const stopWorker = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  return {
    db,
    keys,
    client,
    mailboxes: createMailboxes(client),
    stopWorker,
    async startWorker() {
      worker = await createMailboxWorker(dependencies, settings);
      running = worker.run();
    },
    async stop() {
      await stopWorker();
      await Promise.all([connection.close(), client.connection.close(), db.destroy()]);
      await database.drop();
    },
  };
}

type WorkerOptions = Partial<Omit<Dependencies, 'db' | 'cloud'>> & { readonly simulatorUrl?: string };
