import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Folder } from '../create-folders.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { folderId } from '../identifiers.ts';
import { nextPageLink } from '../next-page-link.ts';
import { parseFilter, parseOrder, type Restriction } from '../parse-filter.ts';
import { idOf, type MessageView, renderMessage, selectProperties } from '../render-message.ts';
import { MOST_FOUND, searchOf } from '../search/check-search.ts';
import { MESSAGE_COLUMNS, messageFromRow, type StoredMessage } from '../stored-message.ts';
import { strikePage } from '../strike-page.ts';
import { selectSuffix } from './answer-folders.ts';
import { checkMayExpand, expandMessage } from './expand-message.ts';
import { DELETED_FOR_GOOD, getFolder } from './find-in-call.ts';
import { parseExpand } from './parse-expand.ts';

const DEFAULT_PAGE_SIZE = 10;

/** `$expand=attachments` limits a list to 20 messages (learn.microsoft.com/graph/query-parameters). */
const LARGEST_EXPANDED_PAGE = 20;

/** `GET /messages` and `GET /mailFolders/{id}/messages`. */
export function listMessages(context: GraphContext, call: MailboxCall): GraphAnswer {
  const { query, mailbox, prefer, isBasic } = call;
  const search = searchOf(call);
  const folder = folderOfCall(context, call);
  const view: MessageView = { mailbox, prefer, select: selectProperties(query.select), isBasic };
  const expansion = parseExpand(query.expand);
  checkMayExpand(expansion, isBasic);
  const filter = search ?? (query.filter === null ? null : parseFilter(query.filter));
  const order = parseOrder(query.orderBy, filter);
  const skip = search ? Number(query.skipToken ?? 0) || 0 : query.skip;
  const wanted = query.top ?? prefer.maxPageSize ?? DEFAULT_PAGE_SIZE;
  const mostAtOnce = expansion.attachments ? LARGEST_EXPANDED_PAGE : Number.MAX_SAFE_INTEGER;
  const left = search ? Math.max(0, MOST_FOUND - skip) : Number.MAX_SAFE_INTEGER;
  const pageSize = Math.min(wanted, mostAtOnce, left);
  const found = selectMessages(context, call, folder, filter, order, { limit: pageSize + 1, skip });
  const page = found.slice(0, pageSize);
  const hasMore = found.length > pageSize && left > pageSize;
  strikePage(context.faults, call, { select: view.select, pageSize, messages: page });
  // microsoft-graph-docs#3848: the count of a filtered list is -1.
  const place = { endpoint: call.endpoint, mailbox: mailbox.address };
  const isCountUnknown = query.count && context.faults.take('unknown-count', place) !== undefined;
  const collection = folder
    ? `mailFolders('${encodeURIComponent(folderId(mailbox, folder.number))}')/messages`
    : 'messages';
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#${call.entity}/${collection}${selectSuffix(call)}`,
      ...(query.count ? { '@odata.count': isCountUnknown ? -1 : countOf(context, call, folder, filter) } : {}),
      value: page.map((message) => ({
        ...renderMessage(context.messages, view, message),
        ...expandMessage(context, expansion, message, idOf(view, message)),
      })),
      ...(hasMore ? { '@odata.nextLink': nextPageLink(call, skip + pageSize, search ? '$skiptoken' : '$skip') } : {}),
    },
  };
}

/** `GET …/messages/$count`: a number as text. */
export function countMessages(context: GraphContext, call: MailboxCall): GraphAnswer {
  const filter = call.query.filter === null ? null : parseFilter(call.query.filter);
  const count = countOf(context, call, folderOfCall(context, call), filter);
  return { status: 200, raw: { contentType: 'text/plain', bytes: Buffer.from(String(count)) } };
}

function folderOfCall(context: GraphContext, call: MailboxCall): Folder | null {
  const [key] = call.path.keys;
  return key === undefined ? null : getFolder(context, call, key);
}

function selectMessages(
  context: GraphContext,
  call: MailboxCall,
  folder: Folder | null,
  filter: Restriction | null,
  order: string,
  { limit, skip }: { readonly limit: number; readonly skip: number },
): StoredMessage[] {
  const { sql, parameters } = restriction(context, call, folder, filter);
  const statement = prepared(
    context.database,
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m WHERE ${sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
  );
  return statement.all(...parameters, limit, skip).map(messageFromRow);
}

function countOf(context: GraphContext, call: MailboxCall, folder: Folder | null, filter: Restriction | null): number {
  if (folder && !filter) return folder.total;
  const { sql, parameters } = restriction(context, call, folder, filter);
  const statement = prepared(context.database, `SELECT count(*) AS count FROM graph_messages m WHERE ${sql}`);
  return Number(statement.get(...parameters)?.count);
}

function restriction(
  { folders }: GraphContext,
  { mailbox }: MailboxCall,
  folder: Folder | null,
  filter: Restriction | null,
): { sql: string; parameters: (string | number)[] } {
  const place = folder
    ? { sql: 'm.folder_id = ?', parameters: [folder.id] }
    : {
        sql: 'm.mailbox_id = ? AND m.folder_id <> ?',
        parameters: [mailbox.id, folders.find(mailbox, DELETED_FOR_GOOD)?.id ?? 0],
      };
  if (!filter) return place;
  return { sql: `${place.sql} AND (${filter.sql})`, parameters: [...place.parameters, ...filter.parameters] };
}

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** Compiled once per query shape; values are always parameters, so there are few shapes. */
function prepared(database: DatabaseSync, sql: string): StatementSync {
  let known = statements.get(database);
  if (!known) {
    known = new Map();
    statements.set(database, known);
  }
  let statement = known.get(sql);
  if (!statement) {
    statement = database.prepare(sql);
    known.set(sql, statement);
  }
  return statement;
}
