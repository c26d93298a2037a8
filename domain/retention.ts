/** What a period of retention is for; each is a number of days, or for ever. */
export const retentionKinds = [
  /** Mail with attachments, its answers and notes, after the item was completed or left out of all queues. */
  'content',
  /** Completed items, with what is left of their mail. */
  'items',
  /** Events of accounts, settings, users and keys. Those of items go with the item. */
  'events',
  /** Sign-in attempts that ended, but the last of each account. */
  'signIns',
  /** Messages that were in quarantine, and no longer are. */
  'quarantine',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** Days; null: for ever. */
export type RetentionPeriods = Readonly<Record<RetentionKind, number | null>>;

export const MOST_RETENTION_DAYS = 36_500;

/** What a sweep deleted, or one would delete: rows of each kind. `content`: mails. */
export type RetentionCounts = Readonly<Record<RetentionKind, number>>;

export const holdScopes = ['everything', 'account', 'sender', 'item'] as const;
export type HoldScope = (typeof holdScopes)[number];

export const erasureScopes = ['account', 'sender', 'item'] as const;
export type ErasureScope = (typeof erasureScopes)[number];

/** A hint by which only a reader who knows the address recognises it: `m…@contoso.example`. */
export function addressHint(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '…' : `${[...address][0]}…${address.slice(at)}`;
}

/** Nothing that was deleted: where sums begin. */
export const nothingDeleted: RetentionCounts = { content: 0, items: 0, events: 0, signIns: 0, quarantine: 0 };

/** One activity of a sweep goes on for so long, then the workflow asks for the next. */
export const RETENTION_ACTIVITY_MS = 5 * 60_000;
export const RETENTION_START_TO_CLOSE_MS = 2 * RETENTION_ACTIVITY_MS;
/** A worker that died is noticed by then. Transactions take seconds at most. */
export const RETENTION_HEARTBEAT_TIMEOUT_MS = 60_000;
