import type { Folder } from '../create-folders.ts';
import { FOLDER_FILTER } from '../filter-columns.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { badRequest } from '../graph-error.ts';
import { parseFilter } from '../parse-filter.ts';
import { type GraphQuery, parseQuery, splitOutside } from '../parse-query.ts';
import { renderFolder, selectFolderProperties } from '../render-folder.ts';

/** The folder in the query's format, with its child folders if `$expand` requests them. */
export function renderExpandedFolder(
  context: GraphContext,
  call: MailboxCall,
  folder: Folder,
  query: GraphQuery,
): Record<string, unknown> {
  const rendered = renderFolder(call.mailbox, folder, selectFolderProperties(query.select));
  const inner = childQuery(query);
  if (inner === null) return rendered;
  const children = listFilteredChildren(context, call, folder, { ...inner, includeHidden: query.includeHidden });
  const page = children.slice(inner.skip, inner.top === null ? undefined : inner.skip + inner.top);
  return { ...rendered, childFolders: page.map((child) => renderExpandedFolder(context, call, child, inner)) };
}

export function listFilteredChildren(
  { folders }: GraphContext,
  { mailbox }: MailboxCall,
  parent: Folder,
  { filter, includeHidden }: GraphQuery,
): Folder[] {
  const restriction = filter === null ? null : parseFilter(filter, FOLDER_FILTER);
  return folders.listChildren(mailbox, parent, includeHidden, restriction);
}

/** The options of `$expand=childFolders($select=…;$filter=…)`; null without an expansion. */
function childQuery({ expand }: GraphQuery): GraphQuery | null {
  const [part, ...others] = expand;
  if (part === undefined) return null;
  const match = /^childFolders(?:\((.*)\))?$/is.exec(part);
  if (!match || others.length > 0) {
    const name = (others[0] ?? part).replace(/\(.*$/s, '');
    throw badRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.mailFolder'.`,
    );
  }
  const pairs = splitOutside(match[1] ?? '', ';').map((option) => {
    const at = option.indexOf('=');
    return [option.slice(0, at), option.slice(at + 1)] as [string, string];
  });
  return parseQuery(new URLSearchParams(pairs).toString());
}

export function expandSuffix({ query }: MailboxCall): string {
  const names = [...(query.select ?? []), ...(query.expand.length > 0 ? ['childFolders()'] : [])];
  return names.length > 0 ? `(${names.join(',')})` : '';
}
