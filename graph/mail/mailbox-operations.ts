import type { DeltaPage } from './delta-page.ts';
import type { DeltaStart } from './delta-query.ts';
import type { InboxRange, InboxSlice } from './inbox-list.ts';
import type { MailAttachment } from './mail-attachment.ts';
import type { MailMessage, MailPreview } from './mail-message.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';

/** Where a delta walk begins, or the link at which it goes on. */
export type DeltaPosition = { readonly start: DeltaStart } | { readonly link: string };

export interface DeltaPageOptions {
  /** Messages a page; Graph may give fewer. 500 is in production elsewhere, with bodies 50 to 100 is quick. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One mailbox, as its own account sees it (`/me`) or as somebody with delegated access does (`/users/{address}`). Every
 * function throws Throttled, Unavailable, AccessRefused, MailboxGone, what getAccessToken throws, an
 * UnexpectedAnswer, or the reason of the signal when that was aborted. At most four requests may be under way for one
 * mailbox, all processes together (learn.microsoft.com/graph/throttling-limits, "Outlook service limits").
 */
export interface MailboxClient {
  /** Who signed in, with all its addresses in lower case. */
  readIdentity(signal?: AbortSignal): Promise<MailboxIdentity>;
  /** Reads in the inbox, only to see that it can be read: mail permissions do not allow `GET /users/{address}`. */
  proveAccess(signal?: AbortSignal): Promise<void>;
  /** The inbox's id. It holds the mailbox's GUID: the same for all its addresses, and for everyone who may read it. */
  readInboxId(signal?: AbortSignal): Promise<string>;
  /** One page of what changed in a folder. Throws CursorExpired: begin a new walk. */
  readDeltaPage(position: DeltaPosition, options: DeltaPageOptions): Promise<DeltaPage>;
  /** Reads the inbox as a folder, whatever is in it: fails when the mailbox, or Microsoft, does. */
  proveAlive(signal?: AbortSignal): Promise<void>;
  /** How many messages a folder holds that were received since, or before; undefined: Microsoft does not know. */
  countMessages(
    where: { readonly folder: string; readonly receivedSince?: Date; readonly receivedBefore?: Date },
    signal?: AbortSignal,
  ): Promise<number | undefined>;
  /**
   * Ids of the inbox, oldest first. Goes on by the time of receipt instead of Graph's `$skip`, which misses messages
   * when one before them leaves meanwhile. More than one request only where a second holds more than a page, or where a
   * page does not come: then smaller ones are asked for, and what cannot be listed at all is told as a gap.
   */
  listInbox(range: InboxRange, signal?: AbortSignal): Promise<InboxSlice>;
  /** One message, whole; undefined when it is gone. Throws MessageRejected when it cannot be read. */
  readMessage(id: string, signal?: AbortSignal): Promise<MailMessage | undefined>;
  /** What a message tells of itself without its body; undefined when it tells nothing. Throws only `signal`'s reason. */
  readPreview(id: string, signal?: AbortSignal): Promise<MailPreview | undefined>;
  /** What a message carries, without content. Throws MessageRejected, also when the message is gone. */
  readAttachments(messageId: string, signal?: AbortSignal): Promise<MailAttachment[]>;
  /** The mail server's clock minus ours in milliseconds, by its last answer that came quickly; undefined before the first. */
  clockSkewMs(): number | undefined;
  /** Requests sent so far, repetitions included. */
  requestsSent(): number;
  /** Resolves when no request is under way. Never rejects. */
  settled(): Promise<void>;
}
