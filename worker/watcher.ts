import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dependencies } from '../activities/dependencies.ts';
import { showHindrance } from '../activities/hindrance.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { readByList } from '../database/listed-mailboxes.ts';
import { type DueWatch, type EndedLook, leaseDueWatches, settleLooks } from '../database/looks.ts';
import { clearSettingsFault } from '../database/settings.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { LOOKS_APART_MS, lookAroundEveryMs } from '../domain/schedule.ts';
import { describeError, failureFields } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createRinging } from '../temporal/ringing.ts';
import { createInterruptiblePause } from './interruptible-pause.ts';
import { createLook, type Look } from './look.ts';
import { endOf, type LookEnd } from './look-end.ts';

/** However often somebody rings, and with all places taken: so that looks are leased and settled together. */
const LOOK_AROUND_BUSY_MS = 20;
/** PostgreSQL away: asked again at this pace. */
const PAUSE_AFTER_TROUBLE_MS = 2_000;
/** Looks under way get this long when the watcher stops; whose are cut short are looked at by others at once. */
const STOP_GRACE_MS = 2_000;

export interface Watcher {
  /** Something became due: looks around now instead of at its next time. */
  wake(): void;
  /** Begins no further look, and waits some seconds for those under way. */
  stop(): Promise<void>;
}

function isForWorkflow({ found }: Look): boolean {
  return found === 'something' || found === 'silence' || found === 'refused' || found === 'slow' || found === 'error';
}

/** Microsoft's limits and outages are many lines of nothing new; a refusal is one that somebody searches for. */
function isTelling({ type }: Failure): boolean {
  return type === 'AccessRefused' || type === 'CredentialRejected' || type === 'MailboxGone';
}

/**
 * Looks at mailboxes as they become due, takes in what is new, and rings the workflows of those that hold more than that.
 * Any number of watchers share the work through PostgreSQL. At most `maxConcurrentLooks` looks at a time; those that ended
 * are written down together. Ringing takes no place of a look: looks go on while Temporal is away.
 */
export function startWatcher(
  dependencies: Dependencies,
  mailboxes: Pick<Mailboxes, 'wake'>,
  logger: Logger,
  maxConcurrentLooks: number,
): Watcher {
  const { db, watchIntervals } = dependencies;
  const { look, waiting } = createLook(dependencies);
  const ringing = createRinging(mailboxes, (error, accountId) => warn(error, 'watcher.could-not-ring', accountId));
  const pause = createInterruptiblePause();
  const cutShort = new AbortController();
  const underWay = new Set<Promise<void>>();
  let isStopped = false;
  let unsettled: EndedLook[] = [];
  let settingsWork = false;

  /** Looks, and does what follows from it. */
  async function watch(due: DueWatch): Promise<LookEnd> {
    const { accountId, address } = due;
    const seen = await look(due, cutShort.signal);
    const pauseMs = 'failure' in seen ? await showHindrance(dependencies, due, seen.failure) : undefined;
    if ('failure' in seen && isTelling(seen.failure)) warn(seen.failure, 'watcher.refused', accountId);
    if (seen.found === 'silence') {
      await readByList(db, accountId, { reason: 'delta-silent' });
      logger.warn({ accountId }, 'delta.silent');
    }
    if (seen.found === 'error') warn(seen.error, 'watcher.could-not-look', accountId);
    if (due.wantsRetry || isForWorkflow(seen)) ringing.ring({ id: accountId, address });
    return endOf(seen, pauseMs);
  }

  async function settle(due: DueWatch): Promise<void> {
    const { accountId, folder, version, startedAt, leasedUntil } = due;
    const end = await watch(due).catch((error: unknown) => {
      if (cutShort.signal.aborted)
        return { outcome: 'cut-short', link: null, notBeforeMs: 0, isChecked: false } as const;
      warn(error, 'watcher.could-not-look', accountId);
      return { outcome: 'found', link: null, notBeforeMs: LOOKS_APART_MS, isChecked: false } as const;
    });
    unsettled.push({ accountId, folder, version, startedAt, leasedUntil, ...end });
    // Where there is mail, more may have come meanwhile.
    if (end.outcome === 'captured') pause.interrupt();
  }

  function start(due: DueWatch): void {
    const watching: Promise<void> = settle(due).finally(() => underWay.delete(watching));
    underWay.add(watching);
  }

  async function writeDown(): Promise<void> {
    const looks = unsettled;
    unsettled = [];
    const over = await settleLooks(db, watchIntervals, looks);
    settingsWork ||= over.includes('SettingsRejected');
    if (settingsWork) await clearSettingsFault(db);
    settingsWork = false;
  }

  function warn(thrown: unknown, event: string, accountId?: string): void {
    const error = asDatabaseFailure(thrown);
    if (isFailure(error)) logger.warn({ accountId, ...failureFields(error) }, event);
    else logger.error({ accountId, ...describeError(error) }, event);
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      let pauseMs = lookAroundEveryMs(watchIntervals.pollMs);
      try {
        await writeDown();
        // Looks that only wait for their short drains leave their places to others, as many as there are places.
        const free = maxConcurrentLooks - underWay.size + Math.min(waiting(), maxConcurrentLooks);
        const due = free > 0 ? await leaseDueWatches(db, free) : [];
        for (const watch of due) start(watch);
        if (due.length === free) pauseMs = LOOK_AROUND_BUSY_MS;
      } catch (error) {
        warn(error, 'watcher.could-not-look-around');
        pauseMs = PAUSE_AFTER_TROUBLE_MS;
      }
      await pause.wait(pauseMs, LOOK_AROUND_BUSY_MS);
    }
    const tooLong = setTimeout(() => cutShort.abort(), STOP_GRACE_MS);
    await Promise.all(underWay);
    clearTimeout(tooLong);
    await writeDown().catch((error: unknown) => warn(error, 'watcher.could-not-look-around'));
    await Promise.race([ringing.close(), sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  }

  const running = run();
  return {
    wake: () => pause.interrupt(),
    async stop() {
      isStopped = true;
      pause.end();
      await running;
    },
  };
}
