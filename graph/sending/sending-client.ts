import type { AnswerFormat, AnswerKind } from '../../domain/answer.ts';
import { foreignAnswer } from '../client/graph-failure.ts';
import { createGraphRequests, type GraphAnswer, type GraphRequestOptions } from '../client/graph-requests.ts';
import { MAIL_PREFERENCES } from '../mail/delta-query.ts';
import { mailboxRoot } from '../mail/mailbox-root.ts';
import { automaticProperties, markerFilter, markerProperty } from './answer-marker.ts';
import type { AttachedFile, GraphDraft, MailInMailbox, NewFile, SendingClient } from './sending-operations.ts';
import { SendingRefusal, sendingRefusal } from './sending-refusal.ts';
import { uploadFile } from './upload-file.ts';

export type { GraphDraft, MailInMailbox, NewFile, SendingClient } from './sending-operations.ts';

/** Graph takes larger files only by an upload session (learn.microsoft.com/graph/outlook-large-attachments). */
const MAX_FILE_IN_ONE_REQUEST = 3 * 1_024 * 1_024 - 1;

const shown = 'id,isDraft,internetMessageId,webLink,parentFolderId';
const createActions: Readonly<Record<AnswerKind, string>> = {
  reply: 'createReply',
  'reply-all': 'createReplyAll',
  forward: 'createForward',
};

export interface SendingClientOptions extends GraphRequestOptions {
  /** Another mailbox than that of the person who signed in. */
  readonly sharedAddress?: string | undefined;
  /** A mailbox from which the application sends with its own rights. */
  readonly applicationAddress?: string | undefined;
}

/** A client that sends from one mailbox. */
export function createSendingClient(options: SendingClientOptions): SendingClient {
  const { sharedAddress, fetch = globalThis.fetch } = options;
  const root = mailboxRoot(options);
  const { graph, get, post, patch, remove, settled } = createGraphRequests(options);
  const api = (path: string, prefer = MAIL_PREFERENCES) => graph.api(path).header('prefer', prefer);
  const messagePath = (id: string) => `${root}/messages/${encodeURIComponent(id)}`;

  async function findIn(mailbox: string, answerId: string, signal?: AbortSignal): Promise<readonly MailInMailbox[]> {
    const query = new URLSearchParams({ $filter: markerFilter(answerId), $select: shown, $top: '20' });
    const { body } = ok(await get(api(`${mailbox}/messages?${query}`), signal), 200);
    const { value } = (body ?? {}) as { value?: unknown };
    if (!Array.isArray(value)) throw unreadable();
    return value.flatMap((each) => parseMail(each) ?? []);
  }

  return {
    settled,

    async findByMarker(answerId, signal) {
      const found = await findIn(root, answerId, signal);
      if (found.length > 0 || sharedAddress === undefined) return found;
      // Exchange may keep the copy of what a person sends for a shared mailbox among the person's own sent mail.
      return (await findIn('/me', answerId, signal)).filter(({ isDraft }) => !isDraft);
    },

    async findById(id, signal) {
      const answer = await get(api(`${messagePath(id)}?$select=${shown}`), signal);
      if (answer.status === 404) return undefined;
      return mailOf(ok(answer, 200));
    },

    async createDraft({ kind, messageId, ...draft }, signal) {
      const message = { singleValueExtendedProperties: propertiesOf(draft) };
      const answer = await post(api(`${messagePath(messageId)}/${createActions[kind]}`), { message }, signal);
      return mailOf(ok(answer, 201, 200));
    },

    async readDraft(id, format, signal) {
      const prefer = `IdType="ImmutableId", outlook.body-content-type="${format}"`;
      const answer = ok(await get(api(`${messagePath(id)}?$select=${shown},body`, prefer), signal), 200);
      const mail = mailOf(answer);
      const { body } = answer.body as { body?: { content?: unknown } | null };
      return {
        ...mail,
        body: typeof body?.content === 'string' ? body.content : '',
        attachments: await listAttachments(id, signal),
      };
    },

    async changeDraft(id, draft, signal) {
      mailOf(ok(await patch(api(messagePath(id)), draftBody(draft, sharedAddress), signal), 200));
    },

    listAttachmentIds: listAttachments,

    async removeAttachment(id, attachmentId, signal) {
      const path = `${messagePath(id)}/attachments/${encodeURIComponent(attachmentId)}`;
      const answer = await remove(api(path), signal);
      if (answer.status !== 404) ok(answer, 204, 200);
    },

    async attach(id, file, signal) {
      if (file.size > MAX_FILE_IN_ONE_REQUEST) {
        const path = `${messagePath(id)}/attachments/createUploadSession`;
        const session = await post(api(path), sessionOf(file), signal);
        // Known to fail with delegated permissions in mailboxes of others (learn.microsoft.com/graph/outlook-large-attachments).
        if (session.status === 403 && sharedAddress !== undefined) throw largeFileRefused(session);
        ok(session, 201, 200);
        return await uploadFile(session.body, file, { fetch, signal });
      }
      const answer = ok(await post(api(`${messagePath(id)}/attachments`), await attachmentOf(file), signal), 201, 200);
      const { id: attachmentId } = (answer.body ?? {}) as { id?: unknown };
      return typeof attachmentId === 'string' ? attachmentId : undefined;
    },

    async send(id, signal) {
      ok(await post(api(`${messagePath(id)}/send`), undefined, signal), 202, 200, 204);
    },

    async removeDraft(id, signal) {
      const answer = await remove(api(messagePath(id)), signal);
      if (answer.status !== 404) ok(answer, 204, 200);
    },
  };

  async function listAttachments(id: string, signal?: AbortSignal): Promise<readonly AttachedFile[]> {
    const { body } = ok(await get(api(`${messagePath(id)}/attachments?$select=id,isInline`), signal), 200);
    const { value } = (body ?? {}) as { value?: unknown };
    if (!Array.isArray(value)) throw unreadable();
    return value.flatMap((each: { id?: unknown; isInline?: unknown } | null) =>
      typeof each?.id === 'string' ? [{ id: each.id, isInline: each.isInline === true }] : [],
    );
  }
}

/** The answer of a success. Throws SendingRefusal for any other, also for the page of a proxy or portal. */
function ok(answer: GraphAnswer, ...statuses: readonly number[]): GraphAnswer {
  if (statuses.includes(answer.status) && foreignAnswer(answer) === undefined) return answer;
  throw sendingRefusal(answer);
}

function largeFileRefused(answer: GraphAnswer): SendingRefusal {
  const { reason, trace } = sendingRefusal(answer);
  return new SendingRefusal(reason === 'access-denied' ? 'large-file-refused' : reason, trace);
}

function unreadable(): SendingRefusal {
  return new SendingRefusal('microsoft-down', { code: 'unreadable', isUnclear: true });
}

/** The mail in a success: what is something else does not say that the mail is gone, or that it was changed. */
function mailOf({ body }: GraphAnswer): MailInMailbox {
  const mail = parseMail(body);
  if (mail === undefined) throw unreadable();
  return mail;
}

function parseMail(body: unknown): MailInMailbox | undefined {
  const { id, isDraft, internetMessageId, webLink } = (body ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || id === '') return undefined;
  return {
    id,
    isDraft: isDraft === true,
    internetMessageId: typeof internetMessageId === 'string' ? internetMessageId : undefined,
    webLink: typeof webLink === 'string' && webLink.startsWith('https://') ? webLink : undefined,
  };
}

function propertiesOf({ answerId, isAutomatic }: Pick<GraphDraft, 'answerId' | 'isAutomatic'>) {
  return [markerProperty(answerId), ...(isAutomatic ? automaticProperties : [])];
}

function draftBody(draft: GraphDraft, sharedAddress: string | undefined) {
  const { recipients, subject, format, body } = draft;
  const addressed = (mailboxes: GraphDraft['recipients']['to']) =>
    mailboxes.map(({ name, address }) => ({ emailAddress: { address, ...(name ? { name } : {}) } }));
  return {
    subject,
    toRecipients: addressed(recipients.to),
    ccRecipients: addressed(recipients.cc),
    bccRecipients: addressed(recipients.bcc),
    body: { contentType: format satisfies AnswerFormat, content: body },
    // Where createReply did not take it.
    singleValueExtendedProperties: propertiesOf(draft),
    ...(sharedAddress === undefined ? {} : { from: { emailAddress: { address: sharedAddress } } }),
  };
}

function sessionOf({ name, contentType, size, isInline, contentId }: NewFile) {
  return {
    AttachmentItem: {
      attachmentType: 'file',
      name,
      size,
      contentType,
      isInline,
      ...(contentId === null ? {} : { contentId }),
    },
  };
}

async function attachmentOf({ name, contentType, isInline, contentId, readParts }: NewFile) {
  const parts: Uint8Array[] = [];
  for await (const part of readParts()) parts.push(part);
  return {
    '@odata.type': '#microsoft.graph.fileAttachment',
    name,
    contentType,
    isInline,
    ...(contentId === null ? {} : { contentId }),
    contentBytes: Buffer.concat(parts).toString('base64'),
  };
}
