import { Failure, isFailure } from '../../domain/failure.ts';
import { mailboxKind } from '../../domain/mailbox-kind.ts';
import { foreignAnswer, type GraphSubject, graphFailure } from '../client/graph-failure.ts';
import {
  createGraphRequests,
  type GraphAnswer,
  type GraphRequestOptions,
  succeeded,
} from '../client/graph-requests.ts';
import { RETRIES_OPTION } from '../client/middleware/short-retry.ts';
import { readStream } from '../client/read-stream.ts';
import { safeToken } from '../client/safe-token.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { deltaLinkPath, findLinkPath, linkBelow } from './delta-link.ts';
import { parseDeltaPage } from './delta-page.ts';
import { deltaPreferences, deltaStartPath, MAIL_PREFERENCES } from './delta-query.ts';
import { type InboxPage, inboxListPath, parseInboxPage } from './inbox-list.ts';
import { createListMemory, readInboxSlice } from './inbox-slice.ts';
import { type MailAttachment, parseMailAttachment } from './mail-attachment.ts';
import {
  mailMessageProperties,
  mailPreviewProperties,
  parseMailMessage,
  parseMailPreview,
  parseWebLink,
} from './mail-message.ts';
import { mailboxIdentityProperties, parseMailboxIdentity } from './mailbox-identity.ts';
import type { DeltaPosition, MailboxClient } from './mailbox-operations.ts';
import { mailboxRoot } from './mailbox-root.ts';
import { withProvenAccess } from './proven-access.ts';

export type { DeltaPosition, MailboxClient } from './mailbox-operations.ts';

/** A message has some hundred attachments at most; this only stops an endless chain of links. */
const MAX_ATTACHMENT_PAGES = 50;

export interface MailboxClientOptions extends GraphRequestOptions {
  /** Another mailbox than that of the person who signed in, to which that person has delegated access. */
  readonly sharedAddress?: string | undefined;
  /** A mailbox that is read with the application's own rights: the tokens are the application's. */
  readonly applicationAddress?: string | undefined;
}

/** A Graph client for one mailbox. Cheap: create one per drain. It reuses its token for a minute. */
export function createMailboxClient(options: MailboxClientOptions): MailboxClient {
  const { cloud, sharedAddress, applicationAddress } = options;
  const root = mailboxRoot(options);
  const { graph, get, stream, clockSkewMs, requestsSent, settled } = createGraphRequests(options);
  let selectsContentId = true;
  const listMemory = createListMemory();

  async function getPart(url: string, signal: AbortSignal | undefined, subject: GraphSubject): Promise<GraphAnswer> {
    return succeeded(await get(graph.api(url).header('prefer', MAIL_PREFERENCES), signal), subject);
  }

  async function listPage(
    path: string,
    from: Date,
    retries: number,
    signal: AbortSignal | undefined,
  ): Promise<InboxPage> {
    const request = graph.api(path).header('prefer', MAIL_PREFERENCES).option(RETRIES_OPTION, retries);
    const { body, headers } = succeeded(await get(request, signal), 'mailbox');
    const page = parseInboxPage(body, from);
    if (page === undefined) throw unreadable('a list of messages by time', headers);
    return page;
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

    async proveAlive(signal) {
      await getPart(`${root}/mailFolders/inbox?$select=id`, signal, 'mailbox');
    },

    async readDeltaPage(position, { pageSize, signal }) {
      const path =
        'link' in position
          ? linkBelow(root, deltaLinkPath(cloud, position.link))
          : deltaStartPath(root, position.start);
      const request = graph.api(path).header('prefer', deltaPreferences(pageSize));
      const answer = await get(request, signal);
      const { body, headers } = succeeded(answer, subjectOf(position));
      const requestId = safeToken(headers.get('request-id'));
      const page = parseDeltaPage(body, requestId);
      if (page !== undefined) return findLinkPath(cloud, page.link) === undefined ? { ...page, isDeadEnd: true } : page;
      const details = { reason: 'page-without-link', status: answer.status, requestId } as const;
      if (hasMessages(body)) throw new Failure('Unavailable', 'A page of changes names no way to go on', details);
      throw unreadable('a delta page', headers);
    },

    async countMessages({ folder, receivedSince, receivedBefore }, signal) {
      // `$count=true` and not `/$count`: the latter answers plain text, as a gateway's page would.
      const query = new URLSearchParams({
        $filter: receivedBefore
          ? `receivedDateTime lt ${receivedBefore.toISOString()}`
          : `receivedDateTime ge ${(receivedSince ?? new Date(0)).toISOString()}`,
        $count: 'true',
        $top: '1',
        $select: 'id',
      });
      const path = `${root}/mailFolders/${encodeURIComponent(folder)}/messages?${query}`;
      const { body, headers } = await getPart(path, signal, folder === 'inbox' ? 'mailbox' : 'folder');
      const { '@odata.count': found } = (body ?? {}) as Record<string, unknown>;
      if (typeof found !== 'number' || !Number.isSafeInteger(found)) throw unreadable('a count of messages', headers);
      // -1 for some filtered lists (microsoft-graph-docs#3848, #4870).
      return found < 0 ? undefined : found;
    },

    listInbox: (range, signal) =>
      readInboxSlice(
        range,
        {
          firstPage: (asked) => listPage(inboxListPath(root, asked), asked.from, asked.retries, signal),
          nextPage: (link, from) => {
            const path = findLinkPath(cloud, link);
            return path === undefined
              ? Promise.reject(unreadable('a list of messages'))
              : listPage(path, from, 1, signal);
          },
          proveAlive: () => client.proveAlive(signal),
        },
        listMemory,
      ),

    async readMessage(id, signal) {
      const path = `${root}/messages/${encodeURIComponent(id)}?$select=${mailMessageProperties.join(',')}`;
      try {
        const { body } = await getPart(path, signal, 'message');
        const parsed = parseMailMessage(body, true);
        // Under the id that was asked for: it stays missing in the ledger under any other that the answer names.
        if (parsed.kind === 'message') return { ...parsed.message, id };
      } catch (error) {
        if (isFailure(error, 'MessageRejected') && error.reason === 'gone-before-read') return undefined;
        throw error;
      }
      throw new Failure('MessageRejected', 'The message cannot be read', { reason: 'unreadable' });
    },

    async readPreview(id, signal) {
      const path = `${root}/messages/${encodeURIComponent(id)}?$select=${mailPreviewProperties.join(',')}`;
      try {
        const request = graph.api(path).header('prefer', MAIL_PREFERENCES).option(RETRIES_OPTION, 0);
        const { body } = succeeded(await get(request, signal), 'message');
        return parseMailPreview(body);
      } catch {
        signal?.throwIfAborted();
        return undefined;
      }
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
        const next = findLinkPath(cloud, nextLink);
        if (next === undefined) throw unreadable('all of a list of attachments', headers);
        answer = await getPart(next, signal, 'message');
      }
    },

    async openContent({ messageId, attachmentId }, signal) {
      const message = `${root}/messages/${encodeURIComponent(messageId)}`;
      const place = attachmentId === undefined ? message : `${message}/attachments/${encodeURIComponent(attachmentId)}`;
      const answer = await stream(graph.api(`${place}/$value`).header('prefer', MAIL_PREFERENCES), signal);
      if (answer.stream !== undefined && !isForeign(answer)) return readStream(answer.stream, signal);
      await answer.stream?.cancel();
      if (answer.status !== 200) throw contentFailure(answer);
      if (answer.stream === undefined) return readStream(new Blob([]).stream(), signal);
      throw new Failure('Unavailable', 'Something else than Microsoft Graph answered', { reason: 'foreign-answer' });
    },

    async readWebLink(messageId, signal) {
      const path = `${root}/messages/${encodeURIComponent(messageId)}?$select=webLink`;
      const { body } = await getPart(path, signal, 'message');
      const { webLink } = (body ?? {}) as Record<string, unknown>;
      return parseWebLink(webLink);
    },
  };
  return withProvenAccess(
    client,
    applicationAddress === undefined ? mailboxKind(sharedAddress ?? null) : 'application',
  );
}

/** Files may be HTML themselves: a page of a proxy shows by the missing id, which all answers of Graph have. */
function isForeign({ status, headers, body }: GraphAnswer): boolean {
  return headers.get('request-id') === null && foreignAnswer({ status, headers, body }) !== undefined;
}

/** Exchange cannot open some files, ever, and says so with a status of 500 ("OLE conversion failed"). */
function contentFailure(answer: GraphAnswer): Error {
  const failure = graphFailure(answer, 'message');
  if (!(failure instanceof Failure) || !/^ErrorCannotOpen(File|Item)Attachment$/i.test(failure.code ?? ''))
    return failure;
  const { code, status, requestId } = failure;
  return new Failure('MessageRejected', 'Exchange cannot open this attachment', {
    reason: 'unreadable',
    code,
    status,
    requestId,
  });
}

/** The inbox cannot be deleted: when it is not found, the mailbox is missing. */
function subjectOf(position: DeltaPosition): GraphSubject {
  if ('link' in position) return 'cursor';
  return position.start.folder === 'inbox' ? 'mailbox' : 'folder';
}

/** A page of messages, although the link to the next one is missing. */
function hasMessages(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value);
}

function unreadable(what: string, headers?: Headers): UnexpectedAnswer {
  return new UnexpectedAnswer(`Microsoft Graph did not give ${what}`, {
    requestId: safeToken(headers?.get('request-id')),
  });
}
