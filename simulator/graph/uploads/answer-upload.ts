import type { DirectoryUser } from '../../entra/contract.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import type { GraphAnswer, GraphContext } from '../graph-context.ts';
import { badRequest, GraphError, itemNotFound } from '../graph-error.ts';
import { attachmentId, messageId } from '../identifiers.ts';
import type { UploadSession } from './create-upload-sessions.ts';
import { messageUrl, UPLOAD_PATH } from './upload-url.ts';

export interface Upload {
  readonly session: UploadSession;
  readonly mailbox: Mailbox;
  readonly owner: DirectoryUser;
}

interface UploadRequest {
  readonly method: string;
  readonly contentRange: string | string[] | undefined;
  readonly body: Buffer;
  readonly origin: string;
}

/** The session of a URL's token; throws 401 once it has expired, and 404 once it was finished or cancelled. */
export function findUpload({ uploads, mailboxes, directory }: GraphContext, token: string): Upload {
  const session = uploads.findByToken(token);
  const mailbox = session && mailboxes.findByOid(session.mailboxOid);
  const owner = mailbox && directory.findUser(mailbox.oid);
  if (!session || !mailbox || !owner) throw itemNotFound();
  if (session.expiresAt.getTime() < Date.now()) {
    throw new GraphError(401, 'InvalidAuthenticationToken', 'The token of the upload session has expired.');
  }
  return { session, mailbox, owner };
}

/** `PUT` of the next range, `GET` of what is expected, `DELETE` to cancel. */
export function answerUpload(context: GraphContext, upload: Upload, request: UploadRequest): GraphAnswer {
  if (request.method === 'GET') return progress(context, upload, request.origin);
  if (request.method === 'DELETE') {
    context.uploads.close(upload.session);
    return { status: 204 };
  }
  if (request.method !== 'PUT') {
    throw new GraphError(405, 'ErrorInvalidRequest', 'The OData request is not supported.');
  }
  checkRange(upload.session, request, context.limits.current().uploadRangeBytes);
  const session = context.uploads.append(upload.session, request.body);
  return session.received < session.size
    ? progress(context, { ...upload, session }, request.origin)
    : finish(context, { ...upload, session }, request.origin);
}

/** Ranges come in order, without gaps, and of one file. */
function checkRange({ received, size }: UploadSession, { contentRange, body }: UploadRequest, largest: number): void {
  const [, from, to, total] = /^bytes (\d{1,10})-(\d{1,10})\/(\d{1,10})$/.exec(String(contentRange ?? '')) ?? [];
  if (from === undefined) throw badRequest('The Content-Range header is missing or malformed.');
  const length = Number(to) - Number(from) + 1;
  if (length !== body.length) throw badRequest('The Content-Range header does not match the length of the content.');
  if (body.length > largest) {
    throw new GraphError(413, 'RequestEntityTooLarge', `A range has ${largest} bytes at most.`);
  }
  if (Number(total) !== size) throw badRequest('The Content-Range header does not match the size of the session.');
  if (Number(from) !== received || Number(to) >= size) {
    throw new GraphError(416, 'InvalidRange', `The next range must begin at ${received}.`);
  }
}

/**
 * One number instead of ranges. The global cloud writes the names in lower case, as the SDKs for Java and .NET need them;
 * that of China, and Outlook's own documentation, with capitals (msgraph-sdk-dotnet#2092).
 */
function progress(context: GraphContext, { session, mailbox, owner }: Upload, origin: string): GraphAnswer {
  const message = getMessage(context, { session, mailbox, owner });
  const path = messageUrl('', owner, encodeURIComponent(messageId(mailbox, message))).slice(UPLOAD_PATH.length + 1);
  return {
    status: 200,
    body: {
      '@odata.context': `${origin}${UPLOAD_PATH}/$metadata#${path}/AttachmentSessions/$entity`,
      expirationDateTime: session.expiresAt.toISOString(),
      nextExpectedRanges: [String(session.received)],
    },
  };
}

/** The file is there: 201 without a body, whose Location ends in the attachment's id. */
function finish(context: GraphContext, upload: Upload, origin: string): GraphAnswer {
  const { session, mailbox, owner } = upload;
  const message = getMessage(context, upload);
  const content = context.uploads.readBytes(session);
  const guid = context.drafts.attach(mailbox, message, {
    ...session.item,
    content,
    contentLocation: null,
    message: null,
  });
  context.uploads.close(session);
  const id = messageId(mailbox, message);
  return {
    status: 201,
    headers: { location: `${messageUrl(origin, owner, id)}/Attachments('${attachmentId(id, guid)}')` },
  };
}

function getMessage({ messages }: GraphContext, { session, mailbox }: Upload) {
  const message = messages.findByNumber(mailbox, session.messageNumber);
  if (!message) throw itemNotFound();
  return message;
}
