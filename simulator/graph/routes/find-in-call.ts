import type { Folder } from '../create-folders.ts';
import { WELL_KNOWN_FOLDERS } from '../create-folders.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError, itemNotFound, malformedId } from '../graph-error.ts';
import { immutableMessageId, looksLikeId, messageId } from '../identifiers.ts';
import type { StoredMessage } from '../stored-message.ts';

/** The folder of a key; throws 400 for an invalid id, 404 for an unknown one. */
export function getFolder({ folders }: GraphContext, { mailbox }: MailboxCall, key: string): Folder {
  const folder = folders.find(mailbox, key);
  if (folder) return folder;
  if (!WELL_KNOWN_FOLDERS.has(key.toLowerCase()) && !looksLikeId(key)) throw malformedId();
  throw itemNotFound();
}

/**
 * The message of a call, by either form of id. Below a folder it must be in that folder. Deleted messages are found
 * only in their folder. Throws the errors of the faults `not-found` and `corrupt-message`.
 */
export function getMessage(context: GraphContext, call: MailboxCall): StoredMessage {
  const isBelowFolder = call.path.pattern.includes('mailFolders/{id}');
  const [key = ''] = isBelowFolder ? call.path.keys.slice(1) : call.path.keys;
  const message = context.messages.find(call.mailbox, key);
  if (!message) throw looksLikeId(key) ? itemNotFound() : malformedId();
  if (isBelowFolder) {
    if (getFolder(context, call, call.path.keys[0] ?? '').id !== message.folderId) throw itemNotFound();
  } else if (context.folders.findByNumber(call.mailbox, message.folderNumber)?.wellKnown === DELETED_FOR_GOOD) {
    throw itemNotFound();
  }
  const place = {
    endpoint: call.endpoint,
    mailbox: call.mailbox.address,
    messageIds: [messageId(call.mailbox, message), immutableMessageId(call.mailbox, message)],
  };
  if (context.faults.take('not-found', place)) throw itemNotFound();
  if (context.faults.take('corrupt-message', place)) {
    throw new GraphError(500, 'ErrorCorruptData', 'Data is corrupt.');
  }
  return message;
}

export const DELETED_FOR_GOOD = 'recoverableitemsdeletions';

export function checkIsObject(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new GraphError(400, 'UnableToDeserializePostBody', 'were unable to deserialize');
}

/**
 * Parameters of an action, in the order of `names`. Case does not count in their names: the documentation writes
 * `inputIds`, Microsoft's SDKs, as the metadata does, `InputIds`.
 */
export function readParameters(body: unknown, ...names: readonly string[]): readonly unknown[] {
  const given = Object.entries(checkIsObject(body));
  return names.map((wanted) => given.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1]);
}
