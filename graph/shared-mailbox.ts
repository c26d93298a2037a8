import { Failure, isFailure } from '../domain/failure.ts';
import type { MailboxClient } from './mailbox-client.ts';

/** A mailbox that is not shared with somebody looks to that person as if it had no folders. */
const noFolderCodes = new Set(['ErrorItemNotFound', 'ErrorFolderNotFound']);

/**
 * The client of a mailbox that somebody reads with delegated access, whose refusals mean something else than in one's
 * own: without access Graph answers 404 to everything (python-o365 issue 170, microsoft-graph-docs-contrib issue 4029),
 * and 403 where a folder or the permission is missing (microsoft-graph-docs-contrib issue 4749). So when a message or a
 * cursor is said to be gone, the inbox is read before anybody believes it: otherwise mail would count as deleted because
 * an administrator took the access away in the middle of a page.
 *
 * Throws CredentialRejected `mailbox-access-denied` when the access is gone.
 */
export function asSharedMailbox(client: MailboxClient): MailboxClient {
  const proveAccess = (signal: AbortSignal | undefined) =>
    client.proveAccess(signal).catch((error: unknown) => {
      throw isDenial(error) ? accessDenied(error) : error;
    });

  /** What is refused for one message, while the inbox can be read, is that message's fault. */
  async function readingMessage<Result>(call: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      if (isDenial(error)) {
        await proveAccess(signal);
        throw new Failure('MessageRejected', 'The message lies where we may not read', {
          reason: 'unreadable',
          code: error.code,
          requestId: error.requestId,
        });
      }
      if (isFailure(error, 'MessageRejected') && error.reason === 'gone-before-read') await proveAccess(signal);
      throw error;
    }
  }

  async function readingFolder<Result>(call: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      if (isDenial(error)) throw accessDenied(error);
      if (isFailure(error, 'CursorExpired') && error.reason === 'folder-gone') await proveAccess(signal);
      throw error;
    }
  }

  return {
    ...client,
    proveAccess,

    readInboxId: (signal) => readingFolder(client.readInboxId(signal), signal),

    readDeltaPage: (position, options) => readingFolder(client.readDeltaPage(position, options), options.signal),

    listInbox: (range, signal) => readingFolder(client.listInbox(range, signal), signal),

    countMessages: (where, signal) => readingFolder(client.countMessages(where, signal), signal),

    async readMessage(id, signal) {
      const message = await readingMessage(client.readMessage(id, signal), signal);
      if (message === undefined) await proveAccess(signal);
      return message;
    },

    readAttachments: (messageId, signal) => readingMessage(client.readAttachments(messageId, signal), signal),
  };
}

function isDenial(error: unknown): error is Failure {
  if (isFailure(error, 'CredentialRejected')) return error.reason === 'access-denied';
  return isFailure(error, 'MailboxGone') && noFolderCodes.has(error.code ?? '');
}

function accessDenied({ code, requestId }: Failure): Failure {
  return new Failure('CredentialRejected', 'Who signed in may not read this shared mailbox', {
    reason: 'mailbox-access-denied',
    code,
    requestId,
  });
}
