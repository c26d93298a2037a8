import type { DirectoryUser } from '../entra/contract.ts';
import { ControlError } from '../entra/control/control-reply.ts';
import type { Folder } from '../graph/create-folders.ts';
import type { Mailbox } from '../graph/create-mailboxes.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import type { StoredMessage } from '../graph/stored-message.ts';

/** The part of the directory that control needs to change a user. */
export interface DirectoryWriter {
  updateUser(oid: string, changes: { displayName?: string | undefined; enabled?: boolean }): DirectoryUser;
}

/** The mailbox of an address, made on first use. Throws 400 for what is no address. */
export function ensureMailbox(context: GraphContext, address: string, displayName?: string): Mailbox {
  try {
    return context.mailboxes.ensure(context.directory.ensureUser(address, displayName));
  } catch (error) {
    if (error instanceof TypeError) throw new ControlError(400, 'InvalidAddress', error.message);
    throw error;
  }
}

/** A mailbox that nobody signs in to: Exchange gives each a user whose sign-in is blocked. */
export function makeShared(directory: DirectoryWriter, mailbox: Mailbox): void {
  directory.updateUser(mailbox.oid, { enabled: false });
}

export function findFolder({ folders }: GraphContext, mailbox: Mailbox, nameOrId: string): Folder {
  const root = folders.find(mailbox, 'msgfolderroot');
  const found =
    folders.find(mailbox, nameOrId) ??
    (root && folders.listChildren(mailbox, root, false).find((folder) => folder.displayName === nameOrId));
  if (!found) throw new ControlError(404, 'FolderNotFound', `${mailbox.address} has no folder "${nameOrId}".`);
  return found;
}

/** By either form of id. */
export function getMessage({ messages }: GraphContext, mailbox: Mailbox, id: string): StoredMessage {
  const message = messages.find(mailbox, id);
  if (!message) throw new ControlError(404, 'MessageNotFound', `${mailbox.address} has no message with this id.`);
  return message;
}
