import type { DirectoryUser } from '../entra/contract.ts';
import { ControlError } from '../entra/control/control-reply.ts';
import type { Folder } from '../graph/create-folders.ts';
import type { Mailbox } from '../graph/create-mailboxes.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import type { StoredMessage } from '../graph/stored-message.ts';

/** The part of the directory that the control API needs to change a user. */
export interface DirectoryWriter {
  updateUser(oid: string, changes: { displayName?: string | undefined; enabled?: boolean }): DirectoryUser;
}

/** The mailbox of an address, created on first use. Throws 400 for an invalid address. */
export function ensureMailbox(context: GraphContext, address: string, displayName?: string): Mailbox {
  try {
    return context.mailboxes.ensure(context.directory.ensureUser(address, displayName));
  } catch (error) {
    if (error instanceof TypeError) throw new ControlError(400, 'InvalidAddress', error.message);
    throw error;
  }
}

/** A shared mailbox: Exchange gives each a user whose sign-in is blocked. */
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

/** Finds a message by either form of id. */
export function getMessage({ messages }: GraphContext, mailbox: Mailbox, id: string): StoredMessage {
  const message = messages.find(mailbox, id);
  if (!message) throw new ControlError(404, 'MessageNotFound', `${mailbox.address} has no message with this id.`);
  return message;
}
