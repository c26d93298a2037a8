import type { DeltaState } from '../delta-token.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import { folderId, immutableMessageId, messageId } from '../identifiers.ts';
import type { MessageChange } from '../read-message-changes.ts';
import { idOf, renderMessage, selectProperties } from '../render-message.ts';
import type { StoredMessage } from '../stored-message.ts';
import { strikeDelta, strikePage } from '../strike-page.ts';
import { distortChanges } from './distort-changes.ts';
import { checkMayExpand, expandMessage } from './expand-message.ts';
import { getFolder } from './find-in-call.ts';
import { deltaPath, openDeltaState, sealAnew, sealDeltaLink } from './sync-state.ts';

const DEFAULT_PAGE_SIZE = 10;

/** `GET /mailFolders/{id}/messages/delta`. */
export function answerMessageDelta(context: GraphContext, call: MailboxCall): GraphAnswer {
  const folder = getFolder(context, call, call.path.keys[0] ?? '');
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address };
  if (context.faults.take('quota', place)) {
    throw new GraphError(403, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.');
  }
  const isStart = call.query.skipToken === null && call.query.deltaToken === null;
  strikeDelta(context.faults, place, isStart && call.query.filter !== null);
  const before = openDeltaState(context, call, folder.number);
  const expansion = {
    attachments: before.options.expandsAttachments,
    properties: before.options.expandedProperties ?? [],
  };
  checkMayExpand(expansion, call.isBasic);
  const select = selectProperties(before.options.select);
  const isEmptied = !before.wasEmptied && context.faults.take('empty-pages', place) !== undefined;
  const size = Math.min(call.prefer.maxPageSize ?? DEFAULT_PAGE_SIZE, before.topLeft ?? Number.MAX_SAFE_INTEGER);
  const read = isEmptied
    ? { changes: [], state: { ...before, wasEmptied: true }, hasMore: true }
    : context.readMessageChanges(folder, { ...before, wasEmptied: false }, size);
  // microsoft-graph-docs-contrib#7946: an empty page with a valid link although mail is left, which is never returned.
  const isSilent = read.changes.length > 0 && context.faults.take('silent-delta', place) !== undefined;
  const page = isSilent ? { ...read, changes: [], state: passOver(read.state, folder.lastSeq), hasMore: false } : read;
  strikePage(context.faults, call, { select, pageSize: size, messages: messagesOf(page.changes) });
  const told = page.changes.filter((change) => isTold(change, before, call.prefer.immutableIds));
  const distorted = distortChanges(context.faults, place, call.prefer, before, page, told);
  const topLeft = before.topLeft === null ? null : before.topLeft - told.length;
  // `$top` limits the whole round, not the page: entries beyond it are never returned
  // (learn.microsoft.com/graph/query-parameters).
  const hasMore = distorted.hasMore && (topLeft === null || topLeft > 0);
  const after = hasMore ? { ...distorted.state, topLeft } : endRound(distorted.state, distorted.hasMore);
  const view = { mailbox: call.mailbox, prefer: call.prefer, select, isBasic: call.isBasic };
  const isPartial = before.since > 0 && context.faults.take('partial-updates', place) !== undefined;
  const hidesHeaders = select?.has('internetMessageHeaders') && context.faults.take('missing-headers', place);
  const value = distorted.changes.map((change) => {
    if (change.kind === 'removed') return renderRemoval(call, change);
    const only = isPartial ? changedSince(change, before) : undefined;
    const rendered = renderMessage(context.messages, view, change.message, only);
    if (hidesHeaders) delete rendered.internetMessageHeaders;
    return {
      '@odata.type': '#microsoft.graph.message',
      ...rendered,
      ...(only ? {} : expandMessage(context, expansion, change.message, idOf(view, change.message))),
    };
  });
  // msgraph-sdk-dotnet#3082: the same page is returned again under another link.
  const isRepeated = hasMore && context.faults.take('repeated-pages', place) !== undefined;
  const token = isRepeated ? sealAnew(context, call, before) : sealDeltaLink(context, call, before, after);
  const given = call.query.skipToken ?? call.query.deltaToken;
  const isMalformed = context.faults.take('malformed-links', place) !== undefined;
  const path = deltaPath(call, encodeURIComponent(folderId(call.mailbox, folder.number)));
  const isLinkless = context.faults.take('no-links', place) !== undefined;
  // microsoft-graph-docs#4897: the next link points to the page itself.
  const repeats = given !== null && context.faults.take('same-next-link', place) !== undefined;
  const link = `${call.base}/${isMalformed ? path.replace(/^(me|users\('[^']*'\))/, 'users/') : path}`;
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#Collection(message)`,
      ...(repeats ? { '@odata.nextLink': `${link}?$${call.query.skipToken ? 'skip' : 'delta'}token=${given}` } : {}),
      ...(hasMore && !repeats && !isLinkless ? { '@odata.nextLink': `${link}?$skiptoken=${token}` } : {}),
      ...(hasMore || repeats || isLinkless ? {} : { '@odata.deltaLink': `${link}?$deltatoken=${token}` }),
      value,
    },
  };
}

/** The state after everything that has happened so far. */
function passOver(state: DeltaState, lastSeq: number): DeltaState {
  return { ...state, walk: null, position: Math.max(state.position, lastSeq) };
}

function messagesOf(changes: readonly MessageChange[]): readonly StoredMessage[] {
  return changes.flatMap((change) => (change.kind === 'present' ? [change.message] : []));
}

/** The state between two rounds. Entries that `$top` cut off count as known. */
function endRound(state: DeltaState, isCutShort: boolean): DeltaState {
  const position = isCutShort ? Math.max(state.position, state.startedAt) : state.position;
  return { ...state, position, topLeft: null, walk: null, since: Math.max(position, state.startedAt) };
}

/** Delta tracks changes only by folder. */
export function refuseMailboxDelta(): GraphAnswer {
  throw badRequest("Change tracking is not supported against 'microsoft.graph.message'.");
}

/**
 * Whether a client with these options gets a change. The first round returns everything that matches the filter; later
 * rounds return removals and changes of known mail regardless of the filter
 * (learn.microsoft.com/graph/api/message-delta).
 */
function isTold(change: MessageChange, { since, options }: DeltaState, immutableIds: boolean): boolean {
  const isFirstRound = since === 0;
  // With immutable ids, a message that left and came back keeps its id: it is returned only as present.
  if (change.kind === 'removed' && change.isBack && immutableIds) return false;
  if (change.kind === 'removed') return isFirstRound || (options.changeType ?? 'deleted') === 'deleted';
  const isNew = change.message.enteredSeq > since;
  if (isFirstRound) return options.receivedFrom === null || change.message.receivedAt >= options.receivedFrom;
  if ((options.changeType ?? (isNew ? 'created' : 'updated')) !== (isNew ? 'created' : 'updated')) return false;
  return !isNew || options.receivedFrom === null || change.message.receivedAt >= options.receivedFrom;
}

/** For a message that the client knows: the properties changed since; undefined for a new message. */
function changedSince(
  change: MessageChange & { kind: 'present' },
  { since }: DeltaState,
): ReadonlySet<string> | undefined {
  if (change.message.enteredSeq > since) return undefined;
  const names = Object.entries(change.message.changed).filter(([, seq]) => seq > since);
  return names.length > 0 ? new Set(['id', 'parentFolderId', ...names.map(([name]) => name)]) : undefined;
}

/** A move out of the folder looks the same as a deletion. */
function renderRemoval(call: MailboxCall, change: MessageChange & { kind: 'removed' }): unknown {
  return {
    '@odata.type': '#microsoft.graph.message',
    id: call.prefer.immutableIds ? immutableMessageId(call.mailbox, change) : messageId(call.mailbox, change),
    '@removed': { reason: 'deleted' },
  };
}
