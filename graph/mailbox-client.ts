import { Failure, isFailure } from '../domain/failure.ts';
import { deltaLinkPath, findLinkPath } from './delta-link.ts';
import { type DeltaPage, parseDeltaPage } from './delta-page.ts';
import { type DeltaStart, deltaPreferences, deltaStartPath, MAIL_PREFERENCES } from './delta-query.ts';
import type { GraphSubject } from './graph-failure.ts';
import { createGraphRequests, type GraphAnswer, type GraphRequestOptions, succeeded } from './graph-requests.ts';
import { type InboxRange, type InboxSlice, inboxListPath, type ListedMessage, parseInboxPage } from './inbox-list.ts';
import { type MailAttachment, parseMailAttachment } from './mail-attachment.ts';
import { type MailMessage, mailMessageProperties, parseMailMessage } from './mail-message.ts';
import { type MailboxIdentity, mailboxIdentityProperties, parseMailboxIdentity } from './mailbox-identity.ts';
import { mailboxRoot } from './mailbox-root.ts';
import { safeToken } from './safe-token.ts';
import { asSharedMailbox } from './shared-mailbox.ts';
import { UnexpectedAnswer } from './unexpected-answer.ts';

/** A message has at most some hundred attachments; this only ends a chain of links that never ends. */
const MAX_ATTACHMENT_PAGES = 50;
/** 100,000 messages received in one second; this only ends a chain of links that never ends. */
const MAX_PAGES_OF_A_SECOND = 100;

export interface MailboxClientOptions extends GraphRequestOptions {
  /** Another mailbox than that of who signed in, to which that person has delegated access. */
  readonly sharedAddress?: string | undefined;
}

/** Where a delta walk begins, or the link at which it goes on. */
export type DeltaPosition = { readonly start: DeltaStart } | { readonly link: string };

export interface DeltaPageOptions {
  /** Messages a page; Graph may give fewer. 500 is in production elsewhere, with bodies 50 to 100 is quick. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One mailbox, as its own account sees it (`/me`) or as somebody with delegated access does (`/users/{address}`). Every
 * function throws Throttled, Unavailable, CredentialRejected, MailboxGone, what getAccessToken throws, an
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
  /** How many messages a folder holds that were received then or later. */
  countMessages(
    where: { readonly folder: string; readonly receivedSince: Date },
    signal?: AbortSignal,
  ): Promise<number>;
  /**
   * Ids of the inbox, oldest first. Goes on by the time of receipt instead of Graph's `$skip`, which misses messages
   * when one before them leaves meanwhile. More than one request only where a second holds more than a page.
   */
  listInbox(range: InboxRange, signal?: AbortSignal): Promise<InboxSlice>;
  /** One message, whole; undefined when it is gone. Throws MessageRejected when it cannot be read. */
  readMessage(id: string, signal?: AbortSignal): Promise<MailMessage | undefined>;
  /** What a message carries, without content. Throws MessageRejected, also when the message is gone. */
  readAttachments(messageId: string, signal?: AbortSignal): Promise<MailAttachment[]>;
  /** The mail server's clock minus ours in milliseconds, by its last answer that came quickly; undefined before the first. */
  clockSkewMs(): number | undefined;
  /** Requests sent so far, repetitions included. */
  requestsSent(): number;
  /** Resolves when no request is under way. Never rejects. */
  settled(): Promise<void>;
}

/** A client of Graph for one mailbox. Cheap: make one for each drain. It reuses its token for a minute. */
export function createMailboxClient(options: MailboxClientOptions): MailboxClient {
  const { cloud, sharedAddress } = options;
  const root = mailboxRoot(sharedAddress);
  const { graph, get, clockSkewMs, requestsSent, settled } = createGraphRequests(options);
  let selectsContentId = true;

  async function getPart(url: string, signal: AbortSignal | undefined, subject: GraphSubject): Promise<GraphAnswer> {
    return succeeded(await get(graph.api(url).header('prefer', MAIL_PREFERENCES), signal), subject);
  }

  const client: MailboxClient = {
    clockSkewMs,
    requestsSent,
    settled,

    async readIdentity(signal) {
      const { body, headers } = await getPart(`/me?$select=${mailboxIdentityProperties.join(',')}`, signal, 'mailbox');
      const identity = parseMailboxIdentity(body);
      if (identity === undefined) throw unreadable('who signed in', headers);
      return identity;
    },

    async proveAccess(signal) {
      await getPart(`${root}/mailFolders/inbox/messages?$top=1&$select=id`, signal, 'mailbox');
    },

    async readInboxId(signal) {
      const { body, headers } = await getPart(`${root}/mailFolders/inbox?$select=id`, signal, 'mailbox');
      const { id } = (body ?? {}) as Record<string, unknown>;
      if (typeof id !== 'string' || id === '') throw unreadable('the inbox', headers);
      return id;
    },

    async readDeltaPage(position, { pageSize, signal }) {
      const path = 'link' in position ? deltaLinkPath(cloud, position.link) : deltaStartPath(root, position.start);
      const answer = await get(graph.api(path).header('prefer', deltaPreferences(pageSize)), signal);
      const { body, headers } = succeeded(answer, subjectOf(position));
      const page = parseDeltaPage(body, safeToken(headers.get('request-id')));
      if (page === undefined) throw unreadable('a delta page', headers);
      return page;
    },

    async countMessages({ folder, receivedSince }, signal) {
      // `$count=true` and not `/$count`: that answers plain text, which a gateway's page would be as well.
      const query = new URLSearchParams({
        $filter: `receivedDateTime ge ${receivedSince.toISOString()}`,
        $count: 'true',
        $top: '1',
        $select: 'id',
      });
      const path = `${root}/mailFolders/${encodeURIComponent(folder)}/messages?${query}`;
      const { body, headers } = await getPart(path, signal, folder === 'inbox' ? 'mailbox' : 'folder');
      const { '@odata.count': found } = (body ?? {}) as Record<string, unknown>;
      if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw unreadable('a count of messages', headers);
      return found;
    },

    async listInbox(range, signal) {
      const messages: ListedMessage[] = [];
      let path = inboxListPath(root, range);
      for (let pages = 1; ; pages += 1) {
        const { body, headers } = await getPart(path, signal, 'mailbox');
        const page = parseInboxPage(body, messages.at(-1)?.receivedAt ?? range.from);
        if (page === undefined) throw unreadable('a list of messages by time', headers);
        messages.push(...page.messages);
        if (page.nextLink === undefined) return { messages, next: undefined };
        const [first, last] = [messages[0]?.receivedAt, messages.at(-1)?.receivedAt];
        // The second of the last message may go on behind the page, so the next slice begins with all of it.
        if (first && last && first < last) {
          return { messages: messages.filter(({ receivedAt }) => receivedAt < last), next: last };
        }
        const next = findLinkPath(cloud, page.nextLink);
        if (next === undefined || pages === MAX_PAGES_OF_A_SECOND) throw unreadable('a list of messages', headers);
        path = next;
      }
    },

    async readMessage(id, signal) {
      const path = `${root}/messages/${encodeURIComponent(id)}?$select=${mailMessageProperties.join(',')}`;
      try {
        const { body } = await getPart(path, signal, 'message');
        const parsed = parseMailMessage(body, true);
        if (parsed.kind === 'message') return parsed.message;
      } catch (error) {
        if (isFailure(error, 'MessageRejected') && error.reason === 'gone-before-read') return undefined;
        throw error;
      }
      throw new Failure('MessageRejected', 'The message cannot be read', { reason: 'unreadable' });
    },

    async readAttachments(messageId, signal) {
      const first = (select: string) =>
        graph
          .api(`${root}/messages/${encodeURIComponent(messageId)}/attachments?$select=${select}`)
          .header('prefer', MAIL_PREFERENCES);
      const plain = 'id,name,contentType,size,isInline';
      let answer: GraphAnswer | undefined;
      if (selectsContentId) {
        // contentId belongs to a derived type and needs a cast; a server that refuses the cast is asked without it.
        answer = await get(first(`${plain},microsoft.graph.fileAttachment/contentId`), signal);
        selectsContentId = answer.status !== 400;
      }
      if (answer === undefined || answer.status === 400) answer = await get(first(plain), signal);

      const attachments: MailAttachment[] = [];
      for (let page = 1; ; page += 1) {
        const { body, headers } = succeeded(answer, 'message');
        const { value, '@odata.nextLink': nextLink } = (body ?? {}) as Record<string, unknown>;
        if (!Array.isArray(value)) throw unreadable('a list of attachments', headers);
        attachments.push(...value.map(parseMailAttachment).filter((attachment) => attachment !== undefined));
        if (typeof nextLink !== 'string' || page === MAX_ATTACHMENT_PAGES) return attachments;
        answer = await getPart(deltaLinkPath(cloud, nextLink), signal, 'message');
      }
    },
  };
  return sharedAddress === undefined ? client : asSharedMailbox(client);
}

/** The inbox cannot be deleted: when it is not found, the mailbox is. */
function subjectOf(position: DeltaPosition): GraphSubject {
  if ('link' in position) return 'cursor';
  return position.start.folder === 'inbox' ? 'mailbox' : 'folder';
}

function unreadable(what: string, headers: Headers): UnexpectedAnswer {
  return new UnexpectedAnswer(`Microsoft Graph did not give ${what}`, {
    requestId: safeToken(headers.get('request-id')),
  });
}
