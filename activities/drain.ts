import { Context } from '@temporalio/activity';
import { clearCondition } from '../database/account-conditions.ts';
import { capturePage, type PageOutcome } from '../database/capture.ts';
import { type Cursor, findCaptureFrom, openCursor, restartCursor } from '../database/cursors.ts';
import { recordDrain } from '../database/drains.ts';
import { findKnownMessages } from '../database/known-messages.ts';
import { listRetrying } from '../database/quarantine.ts';
import { clearSettingsFault } from '../database/settings.ts';
import { resumeWatch } from '../database/watches.ts';
import { isFailure } from '../domain/failure.ts';
import { DRAIN_TURN_MS, DRAIN_UNASKED_AFTER_MS } from '../domain/schedule.ts';
import type { DeltaPage } from '../graph/delta-page.ts';
import type { DeltaPosition } from '../graph/mailbox-client.ts';
import { asActivityFailure } from './activity-failure.ts';
import type { DrainReport } from './contract.ts';
import type { Dependencies } from './dependencies.ts';
import { showHindrance } from './hindrance.ts';
import { type Hold, withMailboxHeld } from './mailbox-hold.ts';
import { prepareAgain, preparePage } from './page-preparation.ts';

/** Mail arrives here; other folders hold what somebody, or a rule of the mailbox, has put away. */
const FOLDER = 'inbox';
/** A delta walk with a filter ends after this many messages (learn.microsoft.com/graph/api/message-delta). */
const FILTERED_WALK_LIMIT = 5_000;
/** Two in one turn: a mail server that forgets faster than that is down, not forgetful. */
const RESTARTS_PER_TURN = 2;
/** Messages out of the quarantine in one turn; each is a request of its own. */
const RETRIES_PER_TURN = 20;
/** Headers and attachments are requests of their own where the page does not carry them. */
const REQUESTS_OF_A_MESSAGE = 2;

type Outcome = 'current' | 'more' | 'paused';

/**
 * Reads everything new of one mailbox, page after page, for one turn. Safe to repeat at any point: each page moves the
 * cursor in the transaction that stores its messages, and what somebody else wrote meanwhile is left alone.
 *
 * Heartbeats once a page. What hinders the account is shown on it before the activity fails. Throws Throttled,
 * Unavailable, SettingsRejected, MailboxGone (all retried) and CredentialRejected (not retried).
 */
export function createDrain(dependencies: Dependencies) {
  const { db, watchIntervals: intervals } = dependencies;

  return async function drain(accountId: string): Promise<DrainReport> {
    const startedAt = new Date();
    const { cancellationSignal: signal } = Context.current();
    const counts = { pages: 0, captured: 0, known: 0, skipped: 0, quarantined: 0 };
    const record = (outcome: Outcome | 'failed', reason?: string) =>
      recordDrain(db, accountId, { ...counts, startedAt, outcome, reason });
    try {
      const outcome = await withMailboxHeld(dependencies, accountId, async (hold) => {
        const walked = await walk({ ...dependencies, ...hold, accountId, signal, counts });
        if (walked === 'paused') return walked;
        const condition = await clearCondition(db, accountId, { clockSkewMs: hold.mailbox.clockSkewMs() });
        if (condition === 'SettingsRejected') await clearSettingsFault(db);
        if (walked === 'current') {
          const { startedAt } = hold;
          await resumeWatch(db, accountId, { startedAt, captured: counts.captured > 0, intervals });
        }
        return walked;
      });
      if (counts.captured + counts.quarantined > 0) await record(outcome);
      const { pages: _, ...report } = counts;
      return { ...report, hasMore: outcome === 'more', nextDrainInMs: DRAIN_UNASKED_AFTER_MS };
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isFailure(error) || error.reason !== 'mailbox-held') await showHindrance(dependencies, accountId, error);
      if (counts.pages > 0) await record('failed', isFailure(error) ? (error.reason ?? error.type) : 'unexpected');
      throw asActivityFailure(error);
    }
  };
}

interface Walk extends Dependencies, Hold {
  readonly accountId: string;
  readonly signal: AbortSignal;
  readonly counts: { pages: number; captured: number; known: number; skipped: number; quarantined: number };
}

async function walk(turn: Walk): Promise<Outcome> {
  const { db, accountId, counts } = turn;
  const endsAt = Date.now() + DRAIN_TURN_MS;
  await captureAgain(turn);
  let cursor = await openCursor(db, accountId, FOLDER);
  const captureFrom = await findCaptureFrom(db, accountId);
  for (let restarts = 0; ; ) {
    await turn.beforeStep(counts.pages, 1 + REQUESTS_OF_A_MESSAGE * turn.deltaPageSize);
    let page: DeltaPage;
    try {
      page = await turn.mailbox.readDeltaPage(positionOf(cursor), {
        pageSize: turn.deltaPageSize,
        signal: turn.signal,
      });
    } catch (error) {
      if (!isFailure(error, 'CursorExpired') || error.reason === 'quota-exceeded') throw error;
      if (++restarts > RESTARTS_PER_TURN) throw error;
      const filtered = cursor.receivedSince !== undefined;
      await restartCursor(db, accountId, cursor, { reason: error.reason ?? 'sync-state-lost', filtered });
      cursor = await openCursor(db, accountId, FOLDER);
      continue;
    }
    counts.pages++;
    const { messages, rejected, known, skipped } = await preparePage(page.entries, {
      mailbox: turn.mailbox,
      findKnown: (graphIds) => findKnownMessages(db, accountId, graphIds),
      captureFrom,
      signal: turn.signal,
    });
    counts.known += known;
    counts.skipped += skipped;
    const step = {
      version: cursor.version,
      link: page.link,
      complete: !page.hasMore,
      entries: page.entries.length,
    };
    const outcome = await capturePage(db, { accountId, folder: FOLDER, step, messages, rejected });
    if (!outcome.written) {
      if (outcome.because === 'not-enabled') return 'paused';
      // A look moved the cursor meanwhile: the page is read again from where it is now.
      cursor = await openCursor(db, accountId, FOLDER);
      continue;
    }
    add(counts, outcome);
    cursor = {
      ...cursor,
      link: page.link,
      version: cursor.version + 1,
      walked: cursor.complete ? cursor.walked : cursor.walked + page.entries.length,
      complete: cursor.complete || !page.hasMore,
    };
    if (!page.hasMore) {
      if (!hidesMail(cursor)) return 'current';
      await restartCursor(db, accountId, cursor, { reason: 'filter-full', filtered: false });
      cursor = await openCursor(db, accountId, FOLDER);
    }
    if (Date.now() > endsAt) return 'more';
  }
}

/** Messages in quarantine that a person wants tried again. */
async function captureAgain({ db, accountId, mailbox, signal, counts }: Walk): Promise<void> {
  const graphIds = await listRetrying(db, accountId, RETRIES_PER_TURN);
  if (graphIds.length === 0) return;
  const { messages, rejected } = await prepareAgain(graphIds, { mailbox, signal });
  const outcome = await capturePage(db, { accountId, folder: FOLDER, step: undefined, messages, rejected });
  if (outcome.written) add(counts, outcome);
}

function positionOf({ link, folder, receivedSince }: Cursor): DeltaPosition {
  return link === undefined ? { start: { folder, receivedSince } } : { link };
}

/** True when the first walk with a filter may have ended at the filter's limit instead of the folder's end. */
function hidesMail({ receivedSince, walked }: Cursor): boolean {
  return receivedSince !== undefined && walked >= FILTERED_WALK_LIMIT;
}

function add(counts: Walk['counts'], outcome: Extract<PageOutcome, { written: true }>): void {
  counts.captured += outcome.captured;
  counts.known += outcome.known;
  counts.skipped += outcome.skipped;
  counts.quarantined += outcome.quarantined;
}
