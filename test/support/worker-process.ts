import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

/** Starts a worker as a process of its own, with nothing but these settings. */
export function spawnWorker(
  env: Readonly<Record<string, string>>,
  onLine?: (line: string) => void,
): Promise<ServerProcess> {
  const args = [join(projectFolder, 'worker', 'main.ts')];
  return startServerProcess({ name: 'Worker', command: process.execPath, args, env, isNode: true, onLine });
}

interface WorkerPlace {
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string; readonly namespace: string };
}

/** Starts a worker on the place of a `startMailboxWorker`, with its key `test`, and waits until it works. Microsoft is away. */
export async function startWorkerProcess({ databaseUrl, temporal }: WorkerPlace, key: Buffer): Promise<ServerProcess> {
  const worker = await spawnWorker({
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: `test:${key.toString('base64')}`,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    MICROSOFT_CLOUD: 'simulator',
    SIMULATOR_URL: 'http://127.0.0.1:2',
  });
  await worker.untilLine(/worker\.started/);
  return worker;
}
