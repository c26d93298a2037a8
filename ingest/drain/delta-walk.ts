import { capturePage } from '../../database/capture/capture.ts';
import { noteDrafts } from '../../database/capture/inbox-drafts.ts';
import { type Cursor, openCursor, rememberPageSize, restartCursor } from '../../database/ingest/cursors.ts';
import type { WalkEnd } from '../../domain/drain-outcome.ts';
import { isFailure } from '../../domain/failure.ts';
import type { DeltaPage } from '../../graph/mail/delta-page.ts';
import type { DeltaPosition } from '../../graph/mail/mailbox-client.ts';
import { preparePage } from '../message/page-preparation.ts';
import { type CaptureTurn, count, FOLDER, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';
import { type DeltaReading, type DeltaRefusal, positionOf, readDelta } from './delta-reading.ts';
import { createPageSize } from './page-size.ts';
import { createWalkNews } from './walk-news.ts';

/** A delta walk with a filter ends after this many messages (learn.microsoft.com/graph/api/message-delta). */
const FILTERED_WALK_LIMIT = 5_000;
/** Two in one turn: a mail server that loses its state faster than that is down. */
const RESTARTS_PER_TURN = 2;
/** A walk loops when it has listed this many times the messages of the inbox … */
const ROUNDS_OF_A_WALK = 3;
/** … plus so many: mail leaves and arrives during the walk. */
const ENTRIES_BESIDE = 10_000;

/** An object: the reason why delta reports no changes. */
export type DeltaWalkOutcome = WalkEnd | DeltaRefusal;

/** A page that a poll has read from the cursor. */
export interface PageAhead {
  readonly cursor: Cursor;
  readonly page: DeltaPage;
}

export interface DeltaWalkOptions {
  /** Milliseconds since 1970 after which no further page begins; one is always written. */
  readonly endsAt: number;
  /** The first page, if a poll has read it already. */
  readonly ahead?: PageAhead | undefined;
}

/**
 * Reads changes from the stored cursor, page after page, to the mailbox's end or the turn's. Each page moves the cursor
 * in the transaction that stores its messages, and rows that another process wrote in between are left alone. A walk
 * whose state Microsoft lost restarts, except in a poll, which throws CursorExpired.
 */
export async function walkDelta(
  turn: CaptureTurn,
  { endsAt, ahead: first }: DeltaWalkOptions,
): Promise<DeltaWalkOutcome> {
  const { db, accountId, counts, mailbox, signal } = turn;
  let cursor = first?.cursor ?? (await openCursor(db, accountId, FOLDER));
  const pageSize = createPageSize(turn.deltaPageSize, cursor.pageSize);
  let news = createWalkNews();
  const read = (position: DeltaPosition) => readDelta({ ...turn, position, pageSize: pageSize.current() });
  let ahead: { readonly link: string | null; readonly reading: Promise<DeltaReading> } | undefined = first && {
    link: first.cursor.link,
    reading: Promise.resolve({ page: first.page, pageSize: pageSize.current() }),
  };
  // The number of messages is known for a page that has been read already.
  let mostEntries = first?.page.entries.length ?? turn.deltaPageSize;
  for (let restarts = 0; ; ) {
    await turn.beforeStep(counts.pages, 2 + REQUESTS_OF_A_MESSAGE * mostEntries);
    mostEntries = turn.deltaPageSize;
    let reading: DeltaReading;
    try {
      reading = await (ahead && ahead.link === cursor.link ? ahead.reading : read(positionOf(cursor)));
    } catch (error) {
      if (!isFailure(error, 'CursorExpired') || turn.isShort) throw error;
      if (error.reason === 'quota-exceeded') return { trouble: 'quota-exceeded', code: error.code };
      if (++restarts > RESTARTS_PER_TURN) {
        await mailbox.proveAccess(signal);
        return { trouble: 'delta-refused', code: error.code };
      }
      const since = cursor.receivedSince === null ? 'all' : 'captured';
      await restartCursor(db, accountId, cursor, { reason: error.reason ?? 'sync-state-lost', since });
      cursor = await openCursor(db, accountId, FOLDER);
      news = createWalkNews();
      continue;
    }
    if ('trouble' in reading) return reading;
    const { page } = reading;
    counts.pages++;
    if (pageSize.came(reading.pageSize)) {
      const remembered = pageSize.current() === turn.deltaPageSize ? null : pageSize.current();
      await rememberPageSize(db, accountId, FOLDER, remembered);
    }
    const isGettingOn = await news.note(cursor.link, page, signal);
    const { messages, rejected, known, skipped, drafts } = await preparePage(page.entries, {
      ...turn,
      captureFrom: cursor.captureFrom,
    });
    await noteDrafts(db, accountId, drafts);
    counts.known += known;
    counts.skipped += skipped;
    const step = {
      version: cursor.version,
      link: page.link,
      complete: !page.hasMore,
      entries: page.entries.length,
    };
    // Prefetch: the mail server prepares the next page while this one is written, when no other request is in flight.
    ahead =
      page.hasMore && isGettingOn && !page.isDeadEnd && Date.now() < endsAt
        ? { link: page.link, reading: read({ link: page.link }) }
        : undefined;
    ahead?.reading.catch(() => {}); // the code that awaits it gets the error
    const outcome = await capturePage(db, { accountId, folder: FOLDER, origin: 'walk', step, messages, rejected });
    if (!outcome.written) {
      if (outcome.because === 'not-enabled') return 'paused';
      // Another reader moved the cursor: read the page again from its new position.
      cursor = await openCursor(db, accountId, FOLDER);
      continue;
    }
    count(counts, outcome);
    if (!isGettingOn) return { trouble: 'walk-endless', code: undefined };
    // A walk from the beginning would lead here again.
    if (page.isDeadEnd) return { trouble: 'delta-failed', code: 'foreign-link' };
    cursor = {
      ...cursor,
      link: page.link,
      version: cursor.version + 1,
      walked: cursor.complete ? cursor.walked : cursor.walked + page.entries.length,
      complete: cursor.complete || !page.hasMore,
    };
    if (!page.hasMore) {
      if (!hidesMail(cursor)) return 'current';
      await restartCursor(db, accountId, cursor, { reason: 'filter-full', since: 'all' });
      cursor = await openCursor(db, accountId, FOLDER);
      news = createWalkNews();
    }
    if (Date.now() > endsAt) {
      if (await goesRound(turn, cursor)) return { trouble: 'walk-endless', code: undefined };
      return 'more';
    }
  }
}

/** True when the first walk with a filter may have ended at the filter's limit instead of the folder's end. */
function hidesMail({ receivedSince, walked }: Cursor): boolean {
  return receivedSince !== null && walked >= FILTERED_WALK_LIMIT;
}

/** Whether a walk without news for a whole turn has listed more messages than exist. */
async function goesRound({ mailbox, counts, signal }: CaptureTurn, { walked, complete }: Cursor): Promise<boolean> {
  if (complete || walked < ENTRIES_BESIDE || counts.captured + counts.quarantined > 0) return false;
  const inInbox = await mailbox.countMessages({ folder: FOLDER, receivedSince: new Date(0) }, signal);
  return inInbox !== undefined && walked > ROUNDS_OF_A_WALK * inInbox + ENTRIES_BESIDE;
}
