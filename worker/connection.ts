import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { describeError } from '../process/describe-error.ts';
import { connectionOptions, type TemporalServer } from '../temporal/server-address.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;
/** gRPC's `NOT_FOUND`. */
const NOT_FOUND = 5;

/**
 * Connects to Temporal, and waits until the server is up and has the namespace: the native connection does not retry
 * (sdk-typescript 344), and creating a worker too early is an error. Logs that it waits. Undefined when the signal is
 * aborted first.
 */
export async function connectToTemporal(
  { namespace, ...server }: TemporalServer & { readonly namespace: string },
  logger: Logger,
  signal: AbortSignal,
): Promise<NativeConnection | undefined> {
  let connection: NativeConnection | undefined;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      connection ??= await NativeConnection.connect(connectionOptions(server));
      const { workflowService } = connection;
      await connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        workflowService.describeNamespace({ namespace }),
      );
      logger.info('temporal.answers');
      return connection;
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND) {
        logger.warn({ namespace, waitMs }, 'temporal.has-no-such-namespace');
      } else {
        logger.warn({ waitMs, ...describeError(error) }, 'temporal.does-not-answer');
      }
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) continue;
      await connection?.close();
      return undefined;
    }
  }
}
