import { capturePage } from '../database/capture.ts';
import { type Cursor, openCursor, restartCursor } from '../database/cursors.ts';
import { forgetFullMailbox } from '../database/full-mailboxes.ts';
import { findKnownMessages } from '../database/known-messages.ts';
import { isFailure } from '../domain/failure.ts';
import type { DeltaPage } from '../graph/delta-page.ts';
import type { DeltaPosition } from '../graph/mailbox-client.ts';
import { type CaptureTurn, count, FOLDER, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';
import { preparePage } from './page-preparation.ts';

/** A delta walk with a filter ends after this many messages (learn.microsoft.com/graph/api/message-delta). */
const FILTERED_WALK_LIMIT = 5_000;
/** Two in one turn: a mail server that forgets faster than that is down, not forgetful. */
const RESTARTS_PER_TURN = 2;

/** `refused`: the mailbox is full, and Microsoft keeps no state of delta for it. */
export type DeltaWalkOutcome = 'current' | 'more' | 'paused' | 'refused';

/** A page that is read before it is needed: the one that begins at this link. */
export interface PageAhead {
  readonly link: string;
  readonly page: Promise<DeltaPage>;
}

export interface DeltaWalkOptions {
  /** Microsoft refused delta because the mailbox was full. */
  readonly wasFull: boolean;
  /** Milliseconds since 1970 after which no further page is begun; one is always written. */
  readonly endsAt: number;
  /** The first page, where somebody has read it already. */
  readonly ahead?: PageAhead;
  /** Walks that Microsoft forgot begin anew; otherwise CursorExpired is thrown. */
  readonly mayRestart: boolean;
}

/**
 * Reads changes from the stored cursor, page after page, to the mailbox's end or the turn's. Each page moves the cursor
 * in the transaction that stores its messages, and what somebody else wrote meanwhile is left alone.
 */
export async function walkDelta(
  turn: CaptureTurn,
  { wasFull, endsAt, mayRestart, ahead: first }: DeltaWalkOptions,
): Promise<DeltaWalkOutcome> {
  const { db, accountId, counts } = turn;
  let cursor = await openCursor(db, accountId, FOLDER);
  const read = (position: DeltaPosition) =>
    turn.mailbox.readDeltaPage(position, { pageSize: turn.deltaPageSize, signal: turn.signal });
  let ahead = first;
  for (let restarts = 0; ; ) {
    await turn.beforeStep(counts.pages, 2 + REQUESTS_OF_A_MESSAGE * turn.deltaPageSize);
    let page: DeltaPage;
    try {
      page = await (ahead && ahead.link === cursor.link ? ahead.page : read(positionOf(cursor)));
    } catch (error) {
      if (!isFailure(error, 'CursorExpired') || !mayRestart) throw error;
      if (error.reason === 'quota-exceeded') return 'refused';
      if (++restarts > RESTARTS_PER_TURN) throw error;
      const filtered = cursor.receivedSince !== undefined;
      await restartCursor(db, accountId, cursor, { reason: error.reason ?? 'sync-state-lost', filtered });
      cursor = await openCursor(db, accountId, FOLDER);
      continue;
    }
    if (wasFull && counts.pages === 0) await forgetFullMailbox(db, accountId);
    counts.pages++;
    const { messages, rejected, known, skipped } = await preparePage(page.entries, {
      mailbox: turn.mailbox,
      bodyTexts: turn.bodyTexts,
      findKnown: (graphIds) => findKnownMessages(db, accountId, graphIds),
      captureFrom: cursor.captureFrom,
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
    // The mail server prepares the next page while this one is written: then no other request is in flight.
    ahead = page.hasMore && Date.now() < endsAt ? { link: page.link, page: read({ link: page.link }) } : undefined;
    ahead?.page.catch(() => {}); // whoever awaits it is told
    const outcome = await capturePage(db, { accountId, folder: FOLDER, origin: 'walk', step, messages, rejected });
    if (!outcome.written) {
      if (outcome.because === 'not-enabled') return 'paused';
      // A look moved the cursor meanwhile: the page is read again from where it is now.
      cursor = await openCursor(db, accountId, FOLDER);
      continue;
    }
    count(counts, outcome);
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

function positionOf({ link, folder, receivedSince }: Cursor): DeltaPosition {
  return link === undefined ? { start: { folder, receivedSince } } : { link };
}

/** True when the first walk with a filter may have ended at the filter's limit instead of the folder's end. */
function hidesMail({ receivedSince, walked }: Cursor): boolean {
  return receivedSince !== undefined && walked >= FILTERED_WALK_LIMIT;
}
