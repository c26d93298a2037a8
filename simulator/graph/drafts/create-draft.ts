import type { ReceivedMail } from '../../mail/received-mail.ts';
import type { Folder } from '../create-folders.ts';
import type { MessageChanges } from '../create-messages.ts';
import type { Thread } from '../deliver-mail.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { ExtendedProperty } from './create-extended-properties.ts';

/** A message that a client writes. */
export interface NewDraft {
  readonly mail: ReceivedMail;
  /** Given as MIME, which leaves as it is; null for one that is composed from its properties. */
  readonly mime: Uint8Array | null;
  readonly extended: readonly ExtendedProperty[];
  readonly others: MessageChanges;
  readonly thread?: Thread;
}

/** Puts a new draft into a folder. */
export function createDraft(
  { messages }: GraphContext,
  { mailbox }: MailboxCall,
  folder: Folder,
  { mail, mime, extended, others, thread }: NewDraft,
): StoredMessage {
  return messages.deliver(mailbox, folder, mail, mime, new Date(), {
    isDraft: true,
    isRead: others.isRead ?? true,
    content: others.content ?? {},
    extended,
    ...(thread ? { thread } : {}),
  });
}
