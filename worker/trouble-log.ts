import type { Logger } from 'pino';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { describeError } from '../process/describe-error.ts';

/** The log of work that is repeated every few seconds: an outage must not fill it. */
export interface TroubleLog {
  /** Logs the first failure, then one a minute with the number of those since. */
  failed(error: unknown): void;
  /** Logs that the work goes on, if it had failed. */
  worked(): void;
}

const REPEAT_AFTER_MS = 60_000;

/** `event` is that of a failure, such as `search.could-not-index`; what goes on is logged as `search.resumed`. */
export function createTroubleLog(logger: Logger, event: string, now = () => performance.now()): TroubleLog {
  let failures = 0;
  let loggedAtMs = 0;
  return {
    failed(error) {
      failures += 1;
      if (failures > 1 && now() - loggedAtMs < REPEAT_AFTER_MS) return;
      loggedAtMs = now();
      logger.warn({ failures, ...describeError(asDatabaseFailure(error)) }, event);
    },
    worked() {
      if (failures > 0) logger.info({ failures, after: event }, `${event.split('.')[0]}.resumed`);
      failures = 0;
    },
  };
}
