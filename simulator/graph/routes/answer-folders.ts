import type { Folder } from '../create-folders.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';
import { folderId } from '../identifiers.ts';
import { nextPageLink } from '../next-page-link.ts';
import { expandSuffix, listFilteredChildren, renderExpandedFolder } from './expand-child-folders.ts';
import { checkIsObject, getFolder } from './find-in-call.ts';

const DEFAULT_PAGE_SIZE = 10;

/** `GET /mailFolders`: direct children of the root only; `GET /mailFolders/{id}/childFolders`: those of a folder. */
export function listFolders(context: GraphContext, call: MailboxCall): GraphAnswer {
  const { query, mailbox } = call;
  const [key] = call.path.keys;
  const parent = getFolder(context, call, key ?? 'msgfolderroot');
  const all = listFilteredChildren(context, call, parent, query);
  const pageSize = query.top ?? call.prefer.maxPageSize ?? DEFAULT_PAGE_SIZE;
  const page = all.slice(query.skip, query.skip + pageSize);
  const collection =
    key === undefined
      ? 'mailFolders'
      : `mailFolders('${encodeURIComponent(folderId(mailbox, parent.number))}')/childFolders`;
  const hasMore = all.length > query.skip + pageSize;
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#${call.entity}/${collection}${expandSuffix(call)}`,
      ...(query.count ? { '@odata.count': all.length } : {}),
      value: page.map((folder) => renderExpandedFolder(context, call, folder, query)),
      ...(hasMore ? { '@odata.nextLink': nextPageLink(call, query.skip + pageSize) } : {}),
    },
  };
}

export function getOneFolder(context: GraphContext, call: MailboxCall): GraphAnswer {
  return folderAnswer(context, call, 200, getFolder(context, call, call.path.keys[0] ?? ''));
}

export function createFolder(context: GraphContext, call: MailboxCall): GraphAnswer {
  const parent = getFolder(context, call, call.path.keys[0] ?? 'msgfolderroot');
  const { displayName, isHidden } = checkIsObject(call.body);
  const folder = context.folders.create(call.mailbox, parent, folderName(displayName), isHidden === true);
  if (!folder) throw folderExists();
  return folderAnswer(context, call, 201, folder);
}

export function renameFolder(context: GraphContext, call: MailboxCall): GraphAnswer {
  const folder = getFolder(context, call, call.path.keys[0] ?? '');
  const { displayName } = checkIsObject(call.body);
  checkIsNotWellKnown(folder);
  return folderAnswer(context, call, 200, context.folders.rename(call.mailbox, folder, folderName(displayName)));
}

export function deleteFolder(context: GraphContext, call: MailboxCall): GraphAnswer {
  const folder = getFolder(context, call, call.path.keys[0] ?? '');
  checkIsNotWellKnown(folder);
  context.folders.remove(call.mailbox, folder);
  return { status: 204 };
}

function folderAnswer(context: GraphContext, call: MailboxCall, status: number, folder: Folder): GraphAnswer {
  const entity = `${call.base}/$metadata#${call.entity}/mailFolders${expandSuffix(call)}/$entity`;
  const rendered = renderExpandedFolder(context, call, folder, call.query);
  return { status, body: { '@odata.context': entity, ...rendered } };
}

function folderName(displayName: unknown): string {
  if (typeof displayName === 'string' && displayName.trim() !== '' && displayName.length <= 255) return displayName;
  throw new GraphError(400, 'ErrorInvalidRequest', 'The request is invalid: displayName must be a name.');
}

function folderExists(): GraphError {
  return new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
}

function checkIsNotWellKnown(folder: Folder): void {
  if (folder.wellKnown === null) return;
  throw new GraphError(403, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.');
}

export function selectSuffix({ query }: MailboxCall): string {
  return query.select ? `(${query.select.join(',')})` : '';
}
