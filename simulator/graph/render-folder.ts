import type { Folder } from './create-folders.ts';
import type { Mailbox } from './create-mailboxes.ts';
import { unknownProperty } from './graph-error.ts';
import { folderId } from './identifiers.ts';

const PROPERTIES: ReadonlyMap<string, string> = new Map(
  [
    ...['id', 'displayName', 'parentFolderId', 'childFolderCount', 'unreadItemCount', 'totalItemCount', 'isHidden'],
    'sizeInBytes',
  ].map((name) => [name.toLowerCase(), name]),
);

export function selectFolderProperties(names: readonly string[] | null): ReadonlySet<string> | null {
  if (names === null || names.includes('*')) return null;
  const known = names.map((name) => {
    const property = PROPERTIES.get(name.toLowerCase());
    if (!property) throw unknownProperty(name, 'microsoft.graph.mailFolder');
    return property;
  });
  return new Set(['id', ...known]);
}

export function renderFolder(
  mailbox: Mailbox,
  folder: Folder,
  select: ReadonlySet<string> | null,
): Record<string, unknown> {
  const all = {
    id: folderId(mailbox, folder.number),
    displayName: folder.displayName,
    parentFolderId: folderId(mailbox, folder.parentNumber),
    childFolderCount: folder.children,
    unreadItemCount: folder.unread,
    totalItemCount: folder.total,
    isHidden: folder.hidden,
  };
  return select === null ? all : Object.fromEntries(Object.entries(all).filter(([name]) => select.has(name)));
}
