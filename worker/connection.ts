import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Connects to Temporal, however long the server needs to come up: the native connection itself does not retry
 * (sdk-typescript 344). Says so in the log while it waits. Undefined when the signal is aborted first.
 */
export async function connectToTemporal(
  address: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<NativeConnection | undefined> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await NativeConnection.connect({ address });
    } catch {
      logger.warn({ waitMs }, 'temporal.does-not-answer');
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return undefined;
    }
  }
}
