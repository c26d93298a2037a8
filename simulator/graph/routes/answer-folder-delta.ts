import type { DeltaState } from '../delta-token.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { folderId } from '../identifiers.ts';
import { renderFolder, selectFolderProperties } from '../render-folder.ts';
import { deltaPath, openDeltaState, sealDeltaLink } from './sync-state.ts';

const DEFAULT_PAGE_SIZE = 10;

/** `GET /mailFolders/delta`: the whole tree as a flat list; a folder reappears whenever its counts change. */
export function answerFolderDelta(context: GraphContext, call: MailboxCall): GraphAnswer {
  const place = { endpoint: call.endpoint, mailbox: call.mailbox.address };
  if (context.faults.take('quota', place)) {
    throw new GraphError(403, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.');
  }
  const before = openDeltaState(context, call, 0);
  const select = selectFolderProperties(before.options.select);
  const size = call.query.top ?? call.prefer.maxPageSize ?? DEFAULT_PAGE_SIZE;
  const present = context.folders.changedSince(call.mailbox, before.position, size + 1);
  const removedAfter = Math.max(before.position, before.startedAt);
  const gone = context.folders.removedSince(call.mailbox, removedAfter, size + 1);
  const all = [
    ...present.map((folder) => ({ seq: folder.lastSeq, entry: renderFolder(call.mailbox, folder, select) })),
    ...gone.map(({ seq, number }) => ({
      seq,
      entry: { id: folderId(call.mailbox, number), '@removed': { reason: 'deleted' } },
    })),
  ].sort((one, other) => one.seq - other.seq);
  const page = all.slice(0, size);
  const position = page.at(-1)?.seq ?? before.position;
  const hasMore = all.length > size;
  const after: DeltaState = { ...before, position, since: hasMore ? before.since : position };
  const token = sealDeltaLink(context, call, before, after);
  const link = `${call.base}/${deltaPath(call)}`;
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#Collection(mailFolder)`,
      ...(hasMore ? { '@odata.nextLink': `${link}?$skiptoken=${token}` } : {}),
      ...(hasMore ? {} : { '@odata.deltaLink': `${link}?$deltatoken=${token}` }),
      value: page.map(({ entry }) => ({ '@odata.type': '#microsoft.graph.mailFolder', ...entry })),
    },
  };
}
