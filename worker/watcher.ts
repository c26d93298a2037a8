import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { retryDelayMs } from '../activities/activity-failure.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { showHindrance } from '../activities/hindrance.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { clearSettingsFault } from '../database/settings.ts';
import { type DueWatch, type EndedLook, leaseDueWatches, postponeWatch, settleLooks } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import { lookAroundEveryMs } from '../domain/schedule.ts';
import { describeError } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createRinging } from '../temporal/ringing.ts';
import { createLook } from './look.ts';

/** With all places taken: time for some of them to become free, so that the next looks are leased and settled together. */
const LOOK_AROUND_BUSY_MS = 20;
/** PostgreSQL away: asked again at this pace. */
const PAUSE_AFTER_TROUBLE_MS = 2_000;
/** Looks under way get this long when the watcher stops; whose are cut short are looked at by others at once. */
const STOP_GRACE_MS = 2_000;

export interface Watcher {
  /** Begins no further look, and waits some seconds for those under way. */
  stop(): Promise<void>;
}

/**
 * Looks at mailboxes as they become due, and rings the workflows of those that hold something new. Any number of
 * watchers share the work through PostgreSQL. At most `maxConcurrentLooks` looks at a time; those that ended are
 * written down together. Ringing takes no place of a look: looks go on while Temporal is away.
 */
export function startWatcher(
  dependencies: Dependencies,
  mailboxes: Pick<Mailboxes, 'ring'>,
  logger: Logger,
  maxConcurrentLooks: number,
): Watcher {
  const { db, watchIntervals } = dependencies;
  const look = createLook(dependencies);
  const ringing = createRinging(mailboxes, (error, accountId) => warn(error, 'watcher.could-not-ring', accountId));
  const ended = new AbortController();
  const cutShort = new AbortController();
  const underWay = new Set<Promise<void>>();
  let unsettled: EndedLook[] = [];

  /** Looks, and does what follows from it. */
  async function watch(due: DueWatch): Promise<Pick<EndedLook, 'outcome' | 'link'>> {
    const { accountId, address } = due;
    const seen = await look(due, cutShort.signal);
    switch (seen.found) {
      case 'nothing':
        return { outcome: 'quiet', link: seen.link };
      case 'nobody':
        await showHindrance(dependencies, due, seen.failure);
        // When the settings are refused, it was decided with that when to look again.
        if (seen.failure.type !== 'SettingsRejected') {
          await postponeWatch(db, accountId, retryDelayMs(seen.failure) ?? 0);
        }
        break;
      case 'error':
        warn(seen.error, 'watcher.could-not-look', accountId);
        ringing.ring({ id: accountId, address });
        break;
      case 'something':
        ringing.ring({ id: accountId, address });
    }
    return { outcome: 'found', link: null };
  }

  async function settle({ accountId, folder, version, ...due }: DueWatch): Promise<void> {
    const end = await watch({ accountId, folder, version, ...due }).catch((error: unknown) => {
      const isCutShort = cutShort.signal.aborted;
      if (!isCutShort) warn(error, 'watcher.could-not-look', accountId);
      return { outcome: isCutShort ? 'cut-short' : 'found', link: null } as const;
    });
    unsettled.push({ accountId, folder, version, ...end });
  }

  function start(due: DueWatch): void {
    const watching: Promise<void> = settle(due).finally(() => underWay.delete(watching));
    underWay.add(watching);
  }

  async function writeDown(): Promise<void> {
    const looks = unsettled;
    unsettled = [];
    const over = await settleLooks(db, looks);
    if (over.includes('SettingsRejected')) await clearSettingsFault(db);
  }

  function warn(thrown: unknown, event: string, accountId?: string): void {
    const error = asDatabaseFailure(thrown);
    if (isFailure(error)) logger.warn({ accountId, reason: error.reason, code: error.code }, event);
    else logger.error({ accountId, ...describeError(error) }, event);
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      let pauseMs = lookAroundEveryMs(watchIntervals.pollMs);
      try {
        await writeDown();
        const free = maxConcurrentLooks - underWay.size;
        const due = free > 0 ? await leaseDueWatches(db, watchIntervals, free) : [];
        for (const watch of due) start(watch);
        if (due.length === free) pauseMs = LOOK_AROUND_BUSY_MS;
      } catch (error) {
        warn(error, 'watcher.could-not-look-around');
        pauseMs = PAUSE_AFTER_TROUBLE_MS;
      }
      await sleep(pauseMs, undefined, { signal: ended.signal }).catch(() => {});
    }
    const tooLong = setTimeout(() => cutShort.abort(), STOP_GRACE_MS);
    await Promise.all(underWay);
    clearTimeout(tooLong);
    await writeDown().catch((error: unknown) => warn(error, 'watcher.could-not-look-around'));
    await Promise.race([ringing.close(), sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  }

  const running = run();
  return {
    async stop() {
      ended.abort();
      await running;
    },
  };
}
