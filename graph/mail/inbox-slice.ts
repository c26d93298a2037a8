import { isFailure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import {
  type InboxPage,
  type InboxPageQuery,
  type InboxRange,
  type InboxSlice,
  LARGEST_LIST_PAGE,
  type ListedMessage,
  UNLISTED,
  type UnlistedMessage,
} from './inbox-list.ts';

/** 100,000 messages received in one second; this only stops an endless chain of links. */
const MAX_PAGES_OF_A_SECOND = 100;
/** Messages of one second that are listed one by one around those that cannot be listed. */
const MAX_MESSAGES_OF_A_SECOND = 200;
/** So many gaps in a row mean that the list itself fails: they count as one. */
const GAPS_IN_A_ROW = 20;
/** Mail may be dated a little ahead of our clock. */
const AHEAD_MS = 86_400_000;
const SECOND_MS = 1_000;
/** A page that failed is requested again with a tenth of its messages, then for half the time. */
const SMALLER_BY = 10;
const SMALLEST_LIST_PAGE = 10;
/** Pages that succeed grow again. */
const GROWS_BY = 2;

/** Requests for pages of the list. */
export interface InboxPages {
  firstPage(query: InboxPageQuery): Promise<InboxPage>;
  /** The page behind a link, whose messages were received at `from` or later. */
  nextPage(link: string, from: Date): Promise<InboxPage>;
  /** Throws when the mailbox or Microsoft is at fault, not the page. */
  proveAlive(): Promise<void>;
}

/** What a list has learned so far, for its next slices. */
export interface ListMemory {
  /** Messages per page. */
  pageSize: number;
  /** A message before this time cannot be listed. */
  failsBefore: Date | undefined;
}

/** The memory of a new list. */
export function createListMemory(): ListMemory {
  return { pageSize: LARGEST_LIST_PAGE, failsBefore: undefined };
}

/**
 * Lists the inbox from the beginning of the range, up to one page. A page may fail because it is large, or because of
 * one message in it. A failed page is requested again with fewer messages, then for shorter and shorter times, until a
 * single second is left: its messages are listed one by one, and those that cannot be listed are reported as gaps.
 * Finding such a second in a year of mail takes some forty requests.
 */
export async function readInboxSlice(range: InboxRange, pages: InboxPages, memory: ListMemory): Promise<InboxSlice> {
  const { from } = range;
  const { failsBefore } = memory;
  let before =
    failsBefore && from < failsBefore ? laterOf(from, middleOf(from, failsBefore), failsBefore) : range.before;
  for (let failures = 0; ; failures += 1) {
    const { pageSize } = memory;
    try {
      const slice = await readSlice({ from, before, pageSize, retries: failures === 0 ? 1 : 0 }, pages);
      memory.pageSize = Math.min(LARGEST_LIST_PAGE, pageSize * GROWS_BY);
      // The end of a shorter time is not the end of the range.
      return before === range.before || slice.next ? slice : { ...slice, next: before };
    } catch (error) {
      if (!isFaultOfPage(error)) throw error;
      if (failures === 0) await pages.proveAlive();
      if (before === range.before && pageSize > SMALLEST_LIST_PAGE) {
        memory.pageSize = Math.ceil(pageSize / SMALLER_BY);
        continue;
      }
      const end = before ?? new Date(Date.now() + AHEAD_MS);
      const middle = middleOf(from, end);
      memory.failsBefore = end;
      memory.pageSize = LARGEST_LIST_PAGE;
      if (middle > from) before = middle;
      else return await readSecond(from, end, pages);
    }
  }
}

/** Half of a time span that is known to fail; all of it when it cannot be halved. */
function laterOf(from: Date, middle: Date, end: Date): Date {
  return middle > from ? middle : end;
}

async function readSlice(query: InboxPageQuery, pages: InboxPages): Promise<InboxSlice> {
  const messages: ListedMessage[] = [];
  let page = await pages.firstPage(query);
  for (let count = 1; ; count += 1) {
    messages.push(...page.messages);
    if (page.nextLink === undefined) return { messages, unlisted: [], next: undefined };
    const [first, last] = [messages[0]?.receivedAt, messages.at(-1)?.receivedAt];
    // The last message's second may continue on the next page, so the next slice begins with all of it.
    if (first && last && first < last) {
      return { messages: messages.filter(({ receivedAt }) => receivedAt < last), unlisted: [], next: last };
    }
    if (count === MAX_PAGES_OF_A_SECOND) throw new UnexpectedAnswer('Microsoft Graph gave a list without an end');
    page = await pages.nextPage(page.nextLink, last ?? query.from);
  }
}

/** Lists the messages of one second one by one. */
async function readSecond(from: Date, before: Date, pages: InboxPages): Promise<InboxSlice> {
  const messages: ListedMessage[] = [];
  const unlisted: UnlistedMessage[] = [];
  const receivedAt = from;
  for (let skip = 0, gaps = 0; skip < MAX_MESSAGES_OF_A_SECOND && gaps < GAPS_IN_A_ROW; skip += 1) {
    const query = { from, before, pageSize: 1, skip, retries: 1 };
    const page =
      (await pageOrNone(pages.firstPage(query))) ?? (await pageOrNone(pages.firstPage({ ...query, onlyIds: true })));
    gaps = page === undefined ? gaps + 1 : 0;
    if (gaps === GAPS_IN_A_ROW) unlisted.splice(1 - GAPS_IN_A_ROW);
    else if (page === undefined) unlisted.push({ id: `${UNLISTED}${from.toISOString()}.${skip}`, receivedAt });
    else if (page.messages.length === 0) break;
    else messages.push(...page.messages);
  }
  // The end of the second is unknown, and so is everything after it.
  if (messages.length + unlisted.length >= MAX_MESSAGES_OF_A_SECOND) {
    throw new UnexpectedAnswer('Microsoft Graph did not give the messages of a second');
  }
  if (unlisted.length > 0) await pages.proveAlive();
  return { messages, unlisted, next: before };
}

async function pageOrNone(asked: Promise<InboxPage>): Promise<InboxPage | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isFaultOfPage(error)) throw error;
    return undefined;
  }
}

/** Half-way in whole seconds; the beginning itself when less than two seconds are left. */
function middleOf(from: Date, end: Date): Date {
  const first = Math.floor(from.getTime() / SECOND_MS);
  const seconds = Math.ceil(end.getTime() / SECOND_MS) - first;
  return seconds < 2 ? from : new Date((first + Math.floor(seconds / 2)) * SECOND_MS);
}

/**
 * True for failures that a smaller page, or one without some message, may avoid. A wait that Microsoft requests is not
 * one.
 */
export function isFaultOfPage(error: unknown): boolean {
  return isFailure(error, 'Unavailable') && error.retryAfterMs === undefined && error.reason !== 'mailbox-held';
}
