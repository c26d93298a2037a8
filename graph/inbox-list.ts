/** What the list of the inbox tells of a message. */
export interface ListedMessage {
  /** The immutable id. */
  readonly id: string;
  /** In whole seconds, although Exchange sorts and filters by fractions. */
  readonly receivedAt: Date;
  readonly isDraft: boolean;
}

/** Mail received from `from` on, and, where it is given, earlier than `before`. Whole seconds. */
export interface InboxRange {
  readonly from: Date;
  readonly before?: Date | undefined;
}

/** All messages of the inbox that were received from the range's beginning until `next`. */
export interface InboxSlice {
  readonly messages: readonly ListedMessage[];
  /** Where the next slice begins; undefined: the range has ended. */
  readonly next: Date | undefined;
}

export interface InboxPage {
  readonly messages: readonly ListedMessage[];
  readonly nextLink: string | undefined;
}

/** The largest page that Graph gives (learn.microsoft.com/graph/api/user-list-messages); ids alone are quick. */
const PAGE_SIZE = 1_000;

/**
 * Path and query of a list of ids, oldest first. What is ordered by must be filtered by, and first
 * (learn.microsoft.com/graph/api/user-list-messages, "Using filter and orderby in the same query").
 */
export function inboxListPath(root: string, { from, before }: InboxRange): string {
  const filter = [
    `receivedDateTime ge ${from.toISOString()}`,
    ...(before ? [`receivedDateTime lt ${before.toISOString()}`] : []),
  ].join(' and ');
  const query = [
    '$select=id,receivedDateTime,isDraft',
    `$filter=${encodeURIComponent(filter)}`,
    `$orderby=${encodeURIComponent('receivedDateTime asc')}`,
    `$top=${PAGE_SIZE}`,
  ];
  return `${root}/mailFolders/inbox/messages?${query.join('&')}`;
}

/**
 * Reads a page of such a list. Undefined when it is none, or not in the order that was asked for: whoever goes on from
 * its last message would miss some. A message without a date counts as received with the one before it.
 */
export function parseInboxPage(body: unknown, from: Date): InboxPage | undefined {
  const { value, '@odata.nextLink': nextLink } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(value)) return undefined;
  const messages: ListedMessage[] = [];
  let latest = Math.floor(from.getTime() / 1_000) * 1_000;
  for (const item of value as unknown[]) {
    const { id, receivedDateTime, isDraft } = (item ?? {}) as Record<string, unknown>;
    if (typeof id !== 'string' || id === '') continue;
    const told = typeof receivedDateTime === 'string' ? Date.parse(receivedDateTime) : Number.NaN;
    const received = Number.isNaN(told) ? latest : told;
    if (received < latest) return undefined;
    latest = received;
    messages.push({ id, receivedAt: new Date(received), isDraft: isDraft === true });
  }
  return { messages, nextLink: typeof nextLink === 'string' ? nextLink : undefined };
}
