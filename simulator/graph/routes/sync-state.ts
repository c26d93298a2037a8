import type { DeltaOptions, DeltaState } from '../delta-token.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { parseDeltaFilter } from '../parse-filter.ts';
import { parseExpand } from './parse-expand.ts';

/** `$filter` on delta gives at most 5,000 messages (learn.microsoft.com/graph/api/message-delta). */
const FILTERED_MESSAGES = 5_000;

/**
 * The state at the start of a delta request: from its token, or a new one. Throws 410 for a token whose generation is
 * gone, and 400 for unsupported options.
 */
export function openDeltaState(context: GraphContext, call: MailboxCall, folderNumber: number): DeltaState {
  const token = call.query.skipToken ?? call.query.deltaToken;
  // `latest` is not supported for mail: the full list is returned (learn.microsoft.com/graph/api/message-delta).
  if (token === null || token === 'latest') return newState(context, call, folderNumber);
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address };
  const state = context.deltaTokens.open(token);
  if (!state || state.mailboxId !== call.mailbox.id || state.folderNumber !== folderNumber) {
    throw new GraphError(410, 'SyncStateInvalid', 'The sync state data is invalid.', resyncHeader(call));
  }
  const { newest, lost } = context.mailboxes.generations(call.mailbox);
  const oldestKept = Math.max(lost, newest - context.limits.current().deltaGenerationsKept) + 1;
  if (context.faults.take('lost-sync-state', place) || state.generation < oldestKept) {
    const message = `The sync state generation is not found; generation=${state.generation};[highest=${newest}][${newest}].`;
    throw new GraphError(410, 'SyncStateNotFound', message, resyncHeader(call));
  }
  return state;
}

/**
 * The link that continues from a state. A round without changes returns the same link, unless its generation is getting
 * old: idle polls cause no writes.
 */
export function sealDeltaLink(context: GraphContext, call: MailboxCall, before: DeltaState, after: DeltaState): string {
  const { newest } = context.mailboxes.generations(call.mailbox);
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  const isYoung = newest - after.generation < context.limits.current().deltaGenerationsKept / 2;
  const given = call.query.deltaToken ?? call.query.skipToken;
  if (isSame && isYoung && given !== null && after.generation > 0) return given;
  return context.deltaTokens.seal({ ...after, generation: context.mailboxes.takeGeneration(call.mailbox) });
}

/** Another link to a state that already has one. */
export function sealAnew(context: GraphContext, call: MailboxCall, state: DeltaState): string {
  return context.deltaTokens.seal({ ...state, generation: context.mailboxes.takeGeneration(call.mailbox) });
}

function newState(context: GraphContext, call: MailboxCall, folderNumber: number): DeltaState {
  const options = readOptions(call, folderNumber);
  const isByDate = options.receivedFrom !== null || options.newestFirst;
  const left = options.receivedFrom === null ? Number.MAX_SAFE_INTEGER : FILTERED_MESSAGES;
  return {
    mailboxId: call.mailbox.id,
    folderNumber,
    generation: 0,
    since: 0,
    position: 0,
    startedAt: context.mailboxes.currentSeq(call.mailbox),
    walk: isByDate ? { receivedAt: Number.MAX_SAFE_INTEGER, number: 0, left } : null,
    topLeft: call.query.top,
    options,
    wasEmptied: false,
  };
}

const CHANGE_TYPES = ['created', 'updated', 'deleted'] as const;

function readOptions({ query }: MailboxCall, folderNumber: number): DeltaOptions {
  const isMessages = folderNumber !== 0;
  const resource = isMessages ? 'Messages' : 'MailFolders';
  if (query.search !== null) throw unsupported(resource, '$search');
  if (query.skip > 0) throw unsupported(resource, '$skip');
  const changeType = CHANGE_TYPES.find((type) => type === query.changeType?.toLowerCase()) ?? null;
  if (query.changeType !== null && changeType === null) throw unsupported(resource, 'changeType');
  if (!isMessages && (query.filter || query.orderBy)) throw unsupported(resource, '$filter, $orderby');
  if (query.orderBy !== null && !/^receivedDateTime\s+desc$/i.test(query.orderBy.trim()))
    throw unsupported(resource, '$orderby');
  const expansion = parseExpand(isMessages ? query.expand : []);
  return {
    select: query.select,
    expandsAttachments: expansion.attachments,
    ...(expansion.properties.length > 0 ? { expandedProperties: expansion.properties } : {}),
    receivedFrom: query.filter === null ? null : parseDeltaFilter(query.filter),
    newestFirst: query.orderBy !== null,
    changeType,
  };
}

function unsupported(resource: string, options: string): GraphError {
  const message = `The following parameters are not supported with change tracking over the '${resource}' resource: '${options}'.`;
  return new GraphError(400, 'ErrorInvalidUrlQuery', message);
}

/** Where to restart: the same request with an empty token. */
function resyncHeader(call: MailboxCall): Record<string, string> {
  return { location: `${call.base}/${deltaPath(call)}?$deltatoken=` };
}

/** The path of a delta link in Graph's format: key in parentheses, lower case. */
export function deltaPath({ root, path }: MailboxCall, folder?: string): string {
  const [key] = path.keys;
  if (key === undefined) return `${root}/mailfolders/delta`;
  return `${root}/mailfolders('${folder ?? encodeURIComponent(key)}')/messages/delta`;
}
