import { parseGraphDate } from '../client/graph-date.ts';
import { isGraphId } from './mail-message.ts';

/** A message in the list of the inbox. */
export interface ListedMessage {
  /** The immutable id. */
  readonly id: string;
  /** In whole seconds, although Exchange sorts and filters by fractions. */
  readonly receivedAt: Date;
  readonly isDraft: boolean;
}

/** Mail received from `from` on and, if given, before `before`. Whole seconds. */
export interface InboxRange {
  readonly from: Date;
  readonly before?: Date | undefined;
}

/** Prefix of the stand-in id of an unlisted message; its time of receipt follows. */
export const UNLISTED = 'unlisted-';

/** The time of receipt in such a stand-in; undefined for any other id. */
export function unlistedAt(id: string): Date | undefined {
  if (!id.startsWith(UNLISTED)) return undefined;
  const at = new Date(id.slice(UNLISTED.length, id.lastIndexOf('.')));
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** An existing message that Microsoft cannot list: only its time of receipt is known. */
export interface UnlistedMessage {
  /** A stand-in for its id, the same at every list. */
  readonly id: string;
  readonly receivedAt: Date;
}

/** All messages of the inbox received from the range's beginning until `next`. */
export interface InboxSlice {
  readonly messages: readonly ListedMessage[];
  readonly unlisted: readonly UnlistedMessage[];
  /** Start of the next slice; undefined: the range has ended. */
  readonly next: Date | undefined;
}

export interface InboxPage {
  readonly messages: readonly ListedMessage[];
  readonly nextLink: string | undefined;
}

/** The largest page that Graph returns (learn.microsoft.com/graph/api/user-list-messages); ids alone are quick. */
export const LARGEST_LIST_PAGE = 1_000;

export interface InboxPageQuery extends InboxRange {
  readonly pageSize: number;
  /** Number of repetitions when it fails. */
  readonly retries: number;
  readonly skip?: number | undefined;
  /** Only ids, which Graph returns even where other properties fail. */
  readonly onlyIds?: boolean | undefined;
}

/**
 * Path and query of a list of ids, oldest first. The property in `$orderby` must be in `$filter`, too, and first
 * (learn.microsoft.com/graph/api/user-list-messages, "Using filter and orderby in the same query").
 */
export function inboxListPath(root: string, { from, before, pageSize, skip, onlyIds }: InboxPageQuery): string {
  const filter = [
    `receivedDateTime ge ${from.toISOString()}`,
    ...(before ? [`receivedDateTime lt ${before.toISOString()}`] : []),
  ].join(' and ');
  const query = [
    onlyIds ? '$select=id' : '$select=id,receivedDateTime,isDraft',
    `$filter=${encodeURIComponent(filter)}`,
    `$orderby=${encodeURIComponent('receivedDateTime asc')}`,
    `$top=${pageSize}`,
    ...(skip ? [`$skip=${skip}`] : []),
  ];
  return `${root}/mailFolders/inbox/messages?${query.join('&')}`;
}

/**
 * Reads a page of such a list. Undefined when it is none, or not in the requested order: continuing from its last
 * message would miss some. A message without a date counts as received with the one before it.
 */
export function parseInboxPage(body: unknown, from: Date): InboxPage | undefined {
  const { value, '@odata.nextLink': nextLink } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(value)) return undefined;
  const messages: ListedMessage[] = [];
  let latest = Math.floor(from.getTime() / 1_000) * 1_000;
  for (const item of value as unknown[]) {
    const { id, receivedDateTime, isDraft } = (item ?? {}) as Record<string, unknown>;
    if (!isGraphId(id)) continue;
    const received = parseGraphDate(receivedDateTime)?.getTime() ?? latest;
    if (received < latest) return undefined;
    latest = received;
    messages.push({ id, receivedAt: new Date(received), isDraft: isDraft === true });
  }
  return { messages, nextLink: typeof nextLink === 'string' ? nextLink : undefined };
}
