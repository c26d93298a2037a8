import type { DeltaPage } from './delta-page.ts';
import type { DeltaStart } from './delta-query.ts';
import type { InboxRange, InboxSlice } from './inbox-list.ts';
import type { MailAttachment } from './mail-attachment.ts';
import type { MailMessage, MailPreview } from './mail-message.ts';
import type { MailboxIdentity } from './mailbox-identity.ts';

/** The start of a delta walk, or the link at which it continues. */
export type DeltaPosition = { readonly start: DeltaStart } | { readonly link: string };

export interface DeltaPageOptions {
  /** Messages per page; Graph may return fewer. 500 is in production elsewhere; with bodies, 50 to 100 is quick. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One mailbox, as its own account sees it (`/me`) or as a person with delegated access does (`/users/{address}`). Every
 * function throws Throttled, Unavailable, AccessRefused, MailboxGone, the errors of getAccessToken, an
 * UnexpectedAnswer, or the signal's reason when that was aborted. At most four requests may be in flight for one
 * mailbox, all processes together (learn.microsoft.com/graph/throttling-limits, "Outlook service limits").
 */
export interface MailboxClient {
  /** The person who signed in, with all addresses in lower case. */
  readIdentity(signal?: AbortSignal): Promise<MailboxIdentity>;
  /** Reads the inbox only to check access: mail permissions do not allow `GET /users/{address}`. */
  proveAccess(signal?: AbortSignal): Promise<void>;
  /**
   * The inbox's id. It contains the mailbox's GUID: the same for all its addresses, and for everyone who may read it.
   */
  readInboxId(signal?: AbortSignal): Promise<string>;
  /** One page of changes in a folder. Throws CursorExpired: begin a new walk. */
  readDeltaPage(position: DeltaPosition, options: DeltaPageOptions): Promise<DeltaPage>;
  /** Reads the inbox as a folder, whatever its content: fails when the mailbox, or Microsoft, does. */
  proveAlive(signal?: AbortSignal): Promise<void>;
  /** Number of messages in a folder received since, or before, a time; undefined: Microsoft does not know. */
  countMessages(
    where: { readonly folder: string; readonly receivedSince?: Date; readonly receivedBefore?: Date },
    signal?: AbortSignal,
  ): Promise<number | undefined>;
  /**
   * Ids of the inbox, oldest first. Continues by the time of receipt instead of Graph's `$skip`, which misses messages
   * when an earlier one leaves during the list. Needs more than one request only where a second holds more than a page,
   * or where a page fails: then smaller ones are requested, and a message that cannot be listed at all is reported as a
   * gap.
   */
  listInbox(range: InboxRange, signal?: AbortSignal): Promise<InboxSlice>;
  /** One message, whole; undefined when it is gone. Throws MessageRejected when it cannot be read. */
  readMessage(id: string, signal?: AbortSignal): Promise<MailMessage | undefined>;
  /** The preview of a message, without its body; undefined when nothing is readable. Throws only `signal`'s reason. */
  readPreview(id: string, signal?: AbortSignal): Promise<MailPreview | undefined>;
  /** A message's attachments, without content. Throws MessageRejected, also when the message is gone. */
  readAttachments(messageId: string, signal?: AbortSignal): Promise<MailAttachment[]>;
  /**
   * The bytes of an attachment (of an attached message: its MIME), or of the message itself as MIME, as they arrive. The
   * caller reads them to the end or stops: both end the request. Throws MessageRejected also when it is gone; what is
   * thrown on the way is Unavailable.
   */
  openContent(
    content: { readonly messageId: string; readonly attachmentId?: string | undefined },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Address of a message in Outlook on the web; undefined: Graph gives none. Throws as `readAttachments` does. */
  readWebLink(messageId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The mail server's clock minus ours in milliseconds, by its last quick answer; undefined before the first. */
  clockSkewMs(): number | undefined;
  /** Requests sent so far, including repetitions. */
  requestsSent(): number;
  /** Resolves when no request is in flight. Never rejects. */
  settled(): Promise<void>;
}
