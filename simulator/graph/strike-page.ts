import type { Fault, FaultPlace, Faults } from '../faults.ts';
import type { MailboxCall } from './graph-context.ts';
import { GraphError } from './graph-error.ts';
import { immutableMessageId, messageId } from './identifiers.ts';
import type { StoredMessage } from './stored-message.ts';

/** A page about to be returned: the request's properties and size, and the messages on it. */
export interface PageToStrike {
  readonly select: ReadonlySet<string> | null;
  readonly pageSize: number;
  readonly messages: readonly StoredMessage[];
}

/**
 * Applies the faults that fail a page because of its content or size. Throws Graph's errors: 500 for a list with one
 * corrupted mail (microsoft-graph-docs#2913), 504 `UnknownError` for one mail for months, and for large pages
 * (microsoft-graph-docs#5853, microsoft-graph-docs-contrib#6538).
 */
export function strikePage(faults: Faults, call: MailboxCall, { select, pageSize, messages }: PageToStrike): void {
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address };
  if (faults.isOn('large-pages')) {
    const large = faults.take('large-pages', { ...place, pageSize });
    if (large) throw unknownError(large, 504);
  }
  if (!faults.isOn('poisoned-page')) return;
  const messageIds = messages.flatMap((message) => idsOf(call, message));
  const poisoned = messages.length > 0 && faults.take('poisoned-page', { ...place, select, messageIds });
  if (poisoned) throw unknownError(poisoned, 500);
}

/** Both forms of a message's id. */
export function idsOf({ mailbox }: MailboxCall, message: StoredMessage): readonly string[] {
  return [messageId(mailbox, message), immutableMessageId(mailbox, message)];
}

/** Refusals of delta, by status; lists of the same mailbox still work. */
const REFUSALS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['ErrorInvalidUrlQuery', 'The following parameters are not supported with change tracking: $filter.'],
  403: ['ErrorAccessDenied', 'Access is denied. Check credentials and try again.'],
  404: ['ErrorItemNotFound', 'The specified object was not found in the store.'],
  410: ['SyncStateNotFound', 'The sync state generation is not found.'],
};

/** Applies the faults that refuse delta (microsoft-graph-docs#12427, microsoft-graph-docs#18636). */
export function strikeDelta(faults: Faults, place: FaultPlace, isFilteredStart: boolean): void {
  const refused = faults.take('delta-refused', place);
  if (refused) throw refusal(refused.status ?? 404);
  if (isFilteredStart && faults.take('delta-filter-refused', place)) throw refusal(400);
}

function refusal(status: number): GraphError {
  const [code, message] = REFUSALS[status] ?? ['UnknownError', 'The request was refused.'];
  return new GraphError(status, code, message);
}

function unknownError({ status }: Fault, usual: number): GraphError {
  const known = status ?? usual;
  const code = known === 504 ? 'UnknownError' : 'InternalServerError';
  return new GraphError(known, code, 'The request failed because of what it would have to give.');
}
