import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { clearSettingsFault } from '../database/accounts/settings.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import {
  type EndedPoll,
  listDuePolls,
  type OpenedPoll,
  openPolls,
  settlePolls,
  takeOverDrains,
} from '../database/ingest/polls.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { shareOf, slotsOf } from '../domain/reader-share.ts';
import { POLL_RETRY_MS, POLLS_APART_MS, SCHEDULE_EVERY_MS, settleEveryMs } from '../domain/schedule.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { concludePoll } from '../ingest/poll/conclude-poll.ts';
import { createPoller } from '../ingest/poll/poll-mailbox.ts';
import { describeError, failureFields } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createWakeUps } from '../temporal/wake-ups.ts';
import { createInterruptiblePause } from './interruptible-pause.ts';
import { createPollSchedule } from './poll-schedule.ts';

/** Minimum interval, however many notifications arrive: polls are then opened and settled together. */
const ROUNDS_APART_MS = 20;
/** Interval of the search for drains that make no progress; they count as late after two minutes. */
const TAKE_OVER_EVERY_MS = 30_000;
/** Retry interval while PostgreSQL is away. */
const PAUSE_AFTER_TROUBLE_MS = 2_000;
/** Time for running polls to finish when the reader stops; other readers repeat unfinished ones at once. */
const STOP_GRACE_MS = 2_000;

export interface ReaderSettings {
  /** Number of shares into which the accounts are divided. */
  readonly shares: number;
  readonly maxConcurrentPolls: number;
}

export interface Reader {
  /** Reads the accounts of these shares from now on, and no others. */
  hold(shares: ReadonlySet<number>): void;
  /** A mailbox became due. */
  notice(accountId: string): void;
  /** Messages captured from a share since it was taken. */
  captured(share: number): number;
  /** Starts no further poll, and waits some seconds for running ones. */
  stop(): Promise<void>;
}

/** Logs refusals, which operators search for. Microsoft's limits and outages would be many lines of nothing new. */
function isWorthALine({ type }: Failure): boolean {
  return type === 'AccessRefused' || type === 'CredentialRejected' || type === 'MailboxGone';
}

/**
 * Reads the mail of the shares that this process holds: polls mailboxes as they become due, captures new mail, and
 * hands longer work over to the workflow. The schedule of the next seconds is in memory; what must survive is in the
 * rows, written for many polls together. Works without Temporal: handing over does not take a poll's slot.
 */
export function startReader(
  dependencies: Dependencies,
  mailboxes: Pick<Mailboxes, 'wake'>,
  logger: Logger,
  { shares, maxConcurrentPolls }: ReaderSettings,
): Reader {
  const { db, watchIntervals } = dependencies;
  const { poll, waiting } = createPoller(dependencies);
  const wakeUps = createWakeUps(mailboxes, (error, accountId) => warn(error, 'reader.could-not-hand-over', accountId));
  const pause = createInterruptiblePause();
  const schedule = createPollSchedule();
  const cutShort = new AbortController();
  /** Polls that are not settled yet. */
  const underWay = new Map<string, Promise<void>>();
  let running = 0;
  /** Became due while they were polled: they are settled, and polled again, at once. */
  const noticed = new Set<string>();
  const capturedOf = new Map<number, number>();
  const settleMs = settleEveryMs(watchIntervals.pollMs);
  let held: ReadonlySet<number> = new Set();
  let isStopped = false;
  let unsettled: EndedPoll[] = [];
  let settledAtMs = Number.NEGATIVE_INFINITY;
  let settingsWork = false;
  let loadedAtMs = Number.NEGATIVE_INFINITY;
  let tookOverAtMs = Number.NEGATIVE_INFINITY;

  const isMine = (accountId: string) => held.has(shareOf(accountId, shares));

  async function run(opened: OpenedPoll): Promise<void> {
    const { accountId, address } = opened;
    const polled = await poll(opened, cutShort.signal);
    const { error, captured, next, isSilent } = polled;
    const nextPoll = await concludePoll(dependencies, opened, polled).catch((thrown: unknown) => {
      warn(thrown, 'reader.could-not-conclude', accountId);
      return { notBeforeMs: POLLS_APART_MS, retryMs: POLL_RETRY_MS };
    });
    if (isSilent) logger.warn({ accountId }, 'delta.silent');
    if (error !== undefined && !isFailure(error)) warn(error, 'reader.could-not-poll', accountId);
    else if (error !== undefined && isWorthALine(error)) warn(error, 'reader.refused', accountId);
    if (opened.wantsRetry || next === 'hand-over') wakeUps.wake({ id: accountId, address });
    const share = shareOf(accountId, shares);
    capturedOf.set(share, (capturedOf.get(share) ?? 0) + captured);
    unsettled.push({ ...opened, ...polled, ...nextPoll, drain: polled.drain });
    running--;
    if (noticed.delete(accountId)) settleAtOnce();
  }

  function settleAtOnce(): void {
    settledAtMs = Number.NEGATIVE_INFINITY;
    pause.interrupt();
  }

  /** Settles ended polls together: a notification begins a round that polls its mailbox, and is no reason to write. */
  async function settle(): Promise<void> {
    if (performance.now() - settledAtMs < settleMs) return;
    settledAtMs = performance.now();
    const polls = unsettled;
    unsettled = [];
    for (const { accountId } of polls) underWay.delete(accountId);
    const { next, over } = await settlePolls(db, watchIntervals, polls);
    for (const { accountId, dueInMs } of next) if (isMine(accountId)) schedule.plan(accountId, dueInMs);
    settingsWork ||= over.includes('SettingsRejected');
    if (settingsWork) await clearSettingsFault(db);
    settingsWork = false;
  }

  /** Reads the schedule of the next seconds. */
  async function load(): Promise<void> {
    if (held.size === 0 || performance.now() - loadedAtMs < SCHEDULE_EVERY_MS) return;
    // Set before the statement: shares taken while it runs are read once more.
    loadedAtMs = performance.now();
    const slots = [...held].flatMap((share) => slotsOf(share, shares));
    if (performance.now() - tookOverAtMs > TAKE_OVER_EVERY_MS) {
      await takeOverDrains(db, slots);
      tookOverAtMs = performance.now();
    }
    const due = await listDuePolls(db, { slots, withinMs: 2 * SCHEDULE_EVERY_MS });
    for (const { accountId, dueInMs } of due) if (!underWay.has(accountId)) schedule.plan(accountId, dueInMs);
  }

  /** Starts due polls while slots are free. Returns whether there may be more. */
  async function begin(): Promise<boolean> {
    // Polls that only wait for their drains free their slots, up to as many as there are slots.
    const free = maxConcurrentPolls - running + Math.min(waiting(), maxConcurrentPolls);
    const due = free > 0 ? schedule.take(free, (accountId) => isMine(accountId) && !underWay.has(accountId)) : [];
    const opened = due.length > 0 ? await openPolls(db, due) : [];
    for (const each of opened) {
      if (each.waitMs > 0) schedule.plan(each.accountId, each.waitMs);
      else {
        running++;
        underWay.set(each.accountId, run(each));
      }
    }
    return due.length === free;
  }

  function warn(thrown: unknown, event: string, accountId?: string): void {
    const error = asDatabaseFailure(thrown);
    if (isFailure(error)) logger.warn({ accountId, ...failureFields(error) }, event);
    else logger.error({ accountId, ...describeError(error) }, event);
  }

  async function read(): Promise<void> {
    while (!isStopped) {
      let pauseMs: number;
      try {
        await settle();
        await load();
        const isBusy = await begin();
        const now = performance.now();
        const untilLoadMs = SCHEDULE_EVERY_MS - (held.size > 0 ? now - loadedAtMs : 0);
        // What is due by its time waits for others, to be opened together; a notification cuts the pause short.
        const untilNextMs = Math.max(settleMs, Math.min(untilLoadMs, schedule.nextInMs()));
        const untilSettledMs = underWay.size > 0 ? settleMs - (now - settledAtMs) : untilNextMs;
        pauseMs = isBusy ? ROUNDS_APART_MS : untilSettledMs;
      } catch (error) {
        warn(error, 'reader.could-not-read');
        loadedAtMs = Number.NEGATIVE_INFINITY;
        pauseMs = PAUSE_AFTER_TROUBLE_MS;
      }
      await pause.wait(Math.max(ROUNDS_APART_MS, pauseMs), ROUNDS_APART_MS);
    }
    const tooLong = setTimeout(() => cutShort.abort(), STOP_GRACE_MS);
    await Promise.all(underWay.values());
    clearTimeout(tooLong);
    settledAtMs = Number.NEGATIVE_INFINITY;
    await settle().catch((error: unknown) => warn(error, 'reader.could-not-read'));
    await Promise.race([wakeUps.close(), sleep(STOP_GRACE_MS, undefined, { ref: false })]);
  }

  const reading = read();
  return {
    hold(wanted) {
      const isMore = [...wanted].some((share) => !held.has(share));
      for (const share of wanted) if (!held.has(share)) capturedOf.set(share, 0);
      held = wanted;
      schedule.keep(isMine);
      if (!isMore) return;
      loadedAtMs = Number.NEGATIVE_INFINITY;
      pause.interrupt();
    },
    notice(accountId) {
      if (!isMine(accountId)) return;
      if (unsettled.some((poll) => poll.accountId === accountId)) return settleAtOnce();
      if (underWay.has(accountId)) return void noticed.add(accountId);
      schedule.plan(accountId, 0);
      pause.interrupt();
    },
    captured: (share) => capturedOf.get(share) ?? 0,
    async stop() {
      isStopped = true;
      pause.end();
      await reading;
    },
  };
}
