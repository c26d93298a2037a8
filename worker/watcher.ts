import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retryDelayMs } from '../activities/activity-failure.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { showHindrance } from '../activities/hindrance.ts';
import { confirmQuiet, type DueWatch, leaseDueWatches, postponeWatch, type QuietLook } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createLook } from './look.ts';

/** How late a due look may begin. Four queries a second are nothing; a second would be seen in the latency of mail. */
const LOOK_AROUND_EVERY_MS = 250;
/** PostgreSQL away: asked again at this pace. */
const PAUSE_AFTER_TROUBLE_MS = 2_000;

export interface Watcher {
  /** Begins no further look, and waits for those under way. */
  stop(): Promise<void>;
}

/**
 * Looks at mailboxes as they become due, and rings the workflows of those that hold something new. Any number of
 * watchers share the work through PostgreSQL. At most `maxConcurrentLooks` looks at a time; those that found nothing
 * are written down together.
 */
export function startWatcher(
  dependencies: Dependencies,
  mailboxes: Pick<Mailboxes, 'ring'>,
  logger: Logger,
  maxConcurrentLooks: number,
): Watcher {
  const { db, watchIntervals } = dependencies;
  const look = createLook(dependencies);
  const ended = new AbortController();
  const underWay = new Set<Promise<void>>();
  let quiet: QuietLook[] = [];

  async function watch(due: DueWatch): Promise<void> {
    const { accountId, address } = due;
    const seen = await look(due);
    switch (seen.found) {
      case 'nothing':
        quiet.push(seen.quiet);
        break;
      case 'something':
        await mailboxes.ring({ id: accountId, address });
        break;
      case 'nobody':
        await showHindrance(dependencies, accountId, seen.failure);
        await postponeWatch(db, accountId, retryDelayMs(seen.failure) ?? 0);
    }
  }

  function start(due: DueWatch): void {
    const watching: Promise<void> = watch(due)
      .catch((error: unknown) => warn(error, due.accountId))
      .finally(() => underWay.delete(watching));
    underWay.add(watching);
  }

  async function writeDownQuiet(): Promise<void> {
    const looks = quiet;
    quiet = [];
    await confirmQuiet(db, looks);
  }

  function warn(error: unknown, accountId?: string): void {
    logger.warn({ accountId, reason: isFailure(error) ? error.reason : 'unexpected' }, 'watcher.could-not-look');
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      let pauseMs = LOOK_AROUND_EVERY_MS;
      try {
        await writeDownQuiet();
        const free = maxConcurrentLooks - underWay.size;
        const due = free > 0 ? await leaseDueWatches(db, watchIntervals, free) : [];
        for (const watch of due) start(watch);
        // More may be due: as soon as a place is free it is taken.
        if (due.length === free) {
          await Promise.race(underWay);
          continue;
        }
      } catch (error) {
        warn(error);
        pauseMs = PAUSE_AFTER_TROUBLE_MS;
      }
      await sleep(pauseMs, undefined, { signal: ended.signal }).catch(() => {});
    }
    await Promise.all(underWay);
    await writeDownQuiet().catch(warn);
  }

  const running = run();
  return {
    async stop() {
      ended.abort();
      await running;
    },
  };
}
