import type { Logger } from 'pino';
import { takeDueCheck } from '../database/application-access/application-access.ts';
import { checkApplicationScope } from '../ingest/access/check-application-scope.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { createInterruptiblePause } from './interruptible-pause.ts';
import { createTroubleLog } from './trouble-log.ts';

/** An administrator waits for a requested check; each look is one statement on a table of one row. */
const LOOK_EVERY_MS = 2_000;

/**
 * Makes the checks of the application's reach that are due: once a day, and on request. One worker makes each of them.
 * Returns a function that stops it.
 */
export function startApplicationChecks(
  dependencies: Pick<Dependencies, 'db' | 'keys' | 'cloud' | 'certificate'>,
  logger: Logger,
  lookEveryMs = LOOK_EVERY_MS,
): () => Promise<void> {
  const ended = new AbortController();
  const pause = createInterruptiblePause();
  const trouble = createTroubleLog(logger, 'application-scope.not-checked');

  async function check(): Promise<void> {
    try {
      const due = await takeDueCheck(dependencies.db);
      if (due === undefined) return trouble.worked();
      const { outcome, failure } = await checkApplicationScope(dependencies, due, ended.signal);
      const facts = { canaries: due.canaries.length, outcome, ...failure };
      if (outcome === 'readable') logger.error(facts, 'application-scope.refuted');
      else logger.info(facts, 'application-scope.checked');
      trouble.worked();
    } catch (error) {
      if (!ended.signal.aborted) trouble.failed(error);
    }
  }

  async function watch(): Promise<void> {
    while (!ended.signal.aborted) {
      await check();
      await pause.wait(lookEveryMs, lookEveryMs);
    }
  }
  const watching = watch();
  return async () => {
    ended.abort();
    pause.end();
    await watching;
  };
}
