import { Failure, isFailure } from '../../domain/failure.ts';
import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MailboxClient } from './mailbox-operations.ts';

/** To a person without access, a shared mailbox looks as if it had no folders. */
const noFolderCodes = new Set(['ErrorItemNotFound', 'ErrorFolderNotFound']);

/**
 * A mailbox client whose refusals are verified. A refusal of one message or of delta says little while the inbox can be
 * read, so the inbox is read before the refusal counts as one of the mailbox. A refusal of a message is then that
 * message's fault; delta that is refused while lists work is CursorExpired (`delta-refused`).
 *
 * Refusals of a shared mailbox have their own meanings: without access Graph answers 404 to everything (python-o365
 * issue 170, microsoft-graph-docs-contrib issue 4029), and 403 where a folder or the permission is missing
 * (microsoft-graph-docs-contrib issue 4749). Both are AccessRefused `mailbox-access-denied`, and a message reported as
 * gone is checked in the same way: otherwise mail would count as deleted because an administrator removed the access in
 * the middle of a page.
 *
 * With the application's own rights, a 403 for the inbox is Exchange's: the mailbox is outside of the application's scope
 * (`outside-application-scope`).
 */
export function withProvenAccess(client: MailboxClient, kind: MailboxKind | 'application'): MailboxClient {
  const isShared = kind === 'shared';

  function isDenial(error: unknown): error is Failure {
    if (isFailure(error, 'AccessRefused')) return error.reason === 'access-denied';
    return isShared && isFailure(error, 'MailboxGone') && noFolderCodes.has(error.code ?? '');
  }

  const proveAccess = (signal: AbortSignal | undefined) =>
    client.proveAccess(signal).catch((error: unknown) => {
      if (!isDenial(error)) throw error;
      throw isShared ? accessDenied(error) : kind === 'application' ? outsideScope(error) : error;
    });

  /** A refusal of one message, while the inbox can be read, is that message's fault. */
  async function readingMessage<Result>(call: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      if (isDenial(error)) {
        await proveAccess(signal);
        throw renamed(error, 'MessageRejected', 'unreadable', 'The message lies where we may not read');
      }
      const isGone = isFailure(error, 'MessageRejected') && error.reason === 'gone-before-read';
      if (isShared && isGone) await proveAccess(signal);
      throw error;
    }
  }

  async function readingDelta<Result>(call: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      if (isDenial(error) || isFailure(error, 'AccessRefused')) {
        await proveAccess(signal);
        throw renamed(error, 'CursorExpired', 'delta-refused', 'Microsoft Graph refuses delta for this mailbox');
      }
      if (isShared && isFailure(error, 'CursorExpired') && error.reason === 'folder-gone') await proveAccess(signal);
      throw error;
    }
  }

  /** Lists are inbox reads themselves: a refusal while another read succeeds is transient. */
  async function readingList<Result>(call: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await call;
    } catch (error) {
      if (!isDenial(error)) throw error;
      await proveAccess(signal);
      throw renamed(error, 'Unavailable', 'service-down', 'Microsoft Graph refuses one list of the inbox');
    }
  }

  return {
    ...client,
    proveAccess,

    readInboxId: (signal) => readingList(client.readInboxId(signal), signal),

    readDeltaPage: (position, options) => readingDelta(client.readDeltaPage(position, options), options.signal),

    listInbox: (range, signal) => readingList(client.listInbox(range, signal), signal),

    countMessages: (where, signal) => readingList(client.countMessages(where, signal), signal),

    async readMessage(id, signal) {
      const message = await readingMessage(client.readMessage(id, signal), signal);
      if (isShared && message === undefined) await proveAccess(signal);
      return message;
    },

    openContent: (content, signal) => readingMessage(client.openContent(content, signal), signal),

    readWebLink: (messageId, signal) => readingMessage(client.readWebLink(messageId, signal), signal),

    readAttachments: (messageId, signal) => readingMessage(client.readAttachments(messageId, signal), signal),
  };
}

function accessDenied(denial: Failure): Failure {
  return renamed(
    denial,
    'AccessRefused',
    'mailbox-access-denied',
    'Who signed in may not read this shared mailbox, it seems',
  );
}

function outsideScope(denial: Failure): Failure {
  return renamed(denial, 'AccessRefused', 'outside-application-scope', 'The application may not read this mailbox');
}

/** The same answer as another failure. */
function renamed(
  { code, status, requestId }: Failure,
  type: Failure['type'],
  reason: NonNullable<Failure['reason']>,
  message: string,
): Failure {
  return new Failure(type, message, { reason, code, status, requestId });
}
