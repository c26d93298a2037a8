import { Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { Failure, isFailure } from '../domain/failure.ts';
import type { MicrosoftCloud } from './cloud.ts';
import { deltaLinkPath, findLinkPath, GRAPH_VERSION } from './delta-link.ts';
import { type DeltaPage, parseDeltaPage } from './delta-page.ts';
import { type DeltaStart, deltaPreferences, deltaStartPath, MAIL_PREFERENCES } from './delta-query.ts';
import { type GraphSubject, graphFailure } from './graph-failure.ts';
import { type InboxRange, type InboxSlice, inboxListPath, type ListedMessage, parseInboxPage } from './inbox-list.ts';
import { type MailAttachment, parseMailAttachment } from './mail-attachment.ts';
import { type MailMessage, mailMessageProperties, parseMailMessage } from './mail-message.ts';
import { type MailboxIdentity, mailboxIdentityProperties, parseMailboxIdentity } from './mailbox-identity.ts';
import { mailboxRoot } from './mailbox-root.ts';
import { authentication, type GetAccessToken } from './middleware/authentication.ts';
import { errorTunnel, tunnelledError } from './middleware/error-tunnel.ts';
import { requestIdentity } from './middleware/request-identity.ts';
import { DEFAULT_SHORT_RETRY, type ShortRetryOptions, shortRetry } from './middleware/short-retry.ts';
import { wholeResponse } from './middleware/whole-response.ts';
import { safeToken } from './safe-token.ts';
import { UnexpectedAnswer } from './unexpected-answer.ts';

/** 90 s: Graph's own gateway gives up on a big page before that, with a 504. */
const REQUEST_TIMEOUT_MS = 90_000;
/** A message has at most some hundred attachments; this only ends a chain of links that never ends. */
const MAX_ATTACHMENT_PAGES = 50;
/** 100,000 messages received in one second; this only ends a chain of links that never ends. */
const MAX_PAGES_OF_A_SECOND = 100;

export interface MailboxClientOptions {
  readonly cloud: MicrosoftCloud;
  /** Another mailbox than that of who signed in, to which that person has delegated access. */
  readonly sharedAddress?: string | undefined;
  /** The token of this mailbox's account; may throw a Failure, which passes through unchanged. */
  readonly getAccessToken: GetAccessToken;
  readonly userAgent?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retry?: ShortRetryOptions | undefined;
}

/** Where a delta walk begins, or the link at which it goes on. */
export type DeltaPosition = { readonly start: DeltaStart } | { readonly link: string };

export interface DeltaPageOptions {
  /** Messages a page; Graph may give fewer. 500 is in production elsewhere, with bodies 50 to 100 is quick. */
  readonly pageSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One mailbox, as its own account sees it (`/me`) or as somebody with delegated access does (`/users/{address}`). Every function throws Throttled, Unavailable, CredentialRejected,
 * MailboxGone, what getAccessToken throws, an UnexpectedAnswer, or the reason of the signal when that was aborted. At
 * most four requests may be under way for one mailbox, all processes together
 * (learn.microsoft.com/graph/throttling-limits, "Outlook service limits"): call one after another.
 */
export interface MailboxClient {
  /** Who signed in, with all its addresses in lower case. */
  readIdentity(signal?: AbortSignal): Promise<MailboxIdentity>;
  /** One page of what changed in a folder. Throws CursorExpired: begin a new walk. */
  readDeltaPage(position: DeltaPosition, options: DeltaPageOptions): Promise<DeltaPage>;
  /**
   * Ids of the inbox, oldest first. Goes on by the time of receipt instead of Graph's `$skip`, which misses messages
   * when one before them leaves meanwhile. More than one request only where a second holds more than a page.
   */
  listInbox(range: InboxRange, signal?: AbortSignal): Promise<InboxSlice>;
  /** One message, whole; undefined when it is gone. Throws MessageRejected when it cannot be read. */
  readMessage(id: string, signal?: AbortSignal): Promise<MailMessage | undefined>;
  /** What a message carries, without content. Throws MessageRejected, also when the message is gone. */
  readAttachments(messageId: string, signal?: AbortSignal): Promise<MailAttachment[]>;
  /** The mail server's clock minus ours in milliseconds, by its last answer; undefined before the first. */
  clockSkewMs(): number | undefined;
  /** Requests sent so far, repetitions included. */
  requestsSent(): number;
}

/** A client of Graph for one mailbox. Cheap: make one for each drain. It reuses its token for a minute. */
export function createMailboxClient(options: MailboxClientOptions): MailboxClient {
  const { cloud, sharedAddress, getAccessToken, userAgent = 'Mailroom', fetch = globalThis.fetch } = options;
  const root = mailboxRoot(sharedAddress);
  let requestsSent = 0;
  const countingFetch: typeof globalThis.fetch = (...request) => {
    requestsSent += 1;
    return fetch(...request);
  };
  const graph = Client.initWithMiddleware({
    baseUrl: cloud.graphUrl,
    defaultVersion: GRAPH_VERSION,
    middleware: [
      errorTunnel(),
      requestIdentity(userAgent),
      authentication(cloud.graphUrl, getAccessToken),
      shortRetry(options.retry ?? DEFAULT_SHORT_RETRY),
      wholeResponse(countingFetch, options.timeoutMs ?? REQUEST_TIMEOUT_MS),
    ],
  });
  let selectsContentId = true;
  let clockSkewMs: number | undefined;

  async function get(request: GraphRequest, signal: AbortSignal | undefined): Promise<Answer> {
    if (signal !== undefined) request.option('signal', signal);
    let response: Response;
    try {
      // RAW: the SDK reads other types by content type, and gives the DOM of what a gateway says in HTML.
      response = await request.header('accept', 'application/json').responseType(ResponseType.RAW).get();
    } catch (error) {
      throw tunnelledError(error);
    }
    const serverTime = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(serverTime)) clockSkewMs = serverTime - Date.now();
    return { status: response.status, headers: response.headers, body: parseJson(await response.text()) };
  }

  async function getPart(url: string, signal: AbortSignal | undefined, subject: GraphSubject): Promise<Answer> {
    return succeeded(await get(graph.api(url).header('prefer', MAIL_PREFERENCES), signal), subject);
  }

  return {
    clockSkewMs: () => clockSkewMs,
    requestsSent: () => requestsSent,

    async readIdentity(signal) {
      const { body, headers } = await getPart(`/me?$select=${mailboxIdentityProperties.join(',')}`, signal, 'mailbox');
      const identity = parseMailboxIdentity(body);
      if (identity === undefined) throw unreadable('who signed in', headers);
      return identity;
    },

    async readDeltaPage(position, { pageSize, signal }) {
      const path = 'link' in position ? deltaLinkPath(cloud, position.link) : deltaStartPath(root, position.start);
      const answer = await get(graph.api(path).header('prefer', deltaPreferences(pageSize)), signal);
      const { body, headers } = succeeded(answer, subjectOf(position));
      const page = parseDeltaPage(body, safeToken(headers.get('request-id')));
      if (page === undefined) throw unreadable('a delta page', headers);
      return page;
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
      let answer: Answer | undefined;
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
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The answer of a success. Throws what a refusal means; a success that is no JSON was cut off on its way. */
function succeeded(answer: Answer, subject: GraphSubject): Answer {
  if (answer.status !== 200) throw graphFailure(answer, subject);
  if (answer.body !== undefined) return answer;
  throw new Failure('Unavailable', 'Microsoft Graph gave no JSON', { reason: 'service-down' });
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
