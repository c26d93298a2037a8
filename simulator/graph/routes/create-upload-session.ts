import { outlookOrigin } from '../../counterpart-hosts.ts';
import { asObject, invalidValue, readText } from '../drafts/read-values.ts';
import { checkQuota } from '../drafts/strike-writing.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import { idOf } from '../render-message.ts';
import { uploadUrl } from '../uploads/upload-url.ts';
import { getMessage, readParameters } from './find-in-call.ts';
import type { MailboxRoute } from './mailbox-route.ts';

/**
 * `POST …/attachments/createUploadSession` for a file from 3 MB to 150 MB. The URL holds its own permission
 * (learn.microsoft.com/graph/outlook-large-attachments).
 */
export const createUploadSession: MailboxRoute['answer'] = (context, call) => {
  checkQuota(context.faults, call);
  const message = getMessage(context, call);
  const { size, ...item } = readItem(call.body);
  const { uploadLeastBytes, uploadMostBytes, uploadLifeSeconds } = context.limits.current();
  if (size < uploadLeastBytes) {
    const text = `The attachment size should not be less than the minimum size of ${uploadLeastBytes} bytes.`;
    throw new GraphError(400, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize', text);
  }
  if (size > uploadMostBytes) {
    const text = `The attachment size exceeds the limit of ${uploadMostBytes} bytes.`;
    throw new GraphError(400, 'ErrorAttachmentSizeLimitExceeded', text);
  }
  const session = context.uploads.open({
    mailboxOid: call.mailbox.oid,
    messageNumber: message.number,
    item,
    size,
    expiresAt: new Date(Date.now() + uploadLifeSeconds * 1000),
  });
  const origin = outlookOrigin(new URL(call.base).origin);
  return {
    status: 201,
    body: {
      '@odata.context': `${call.base}/$metadata#microsoft.graph.uploadSession`,
      uploadUrl: uploadUrl(origin, call.user, idOf(call, message), session),
      expirationDateTime: session.expiresAt.toISOString(),
      nextExpectedRanges: ['0-'],
    },
  };
};

function readItem(body: unknown) {
  const [item] = readParameters(body, 'AttachmentItem');
  const given = asObject('AttachmentItem', item);
  const { attachmentType, name, size, contentType, isInline, contentId } = given;
  if (String(attachmentType).toLowerCase() !== 'file') throw badRequest('The attachmentType must be file.');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalidValue('size');
  return {
    size,
    name: readText('name', name),
    contentType: typeof contentType === 'string' && contentType !== '' ? contentType : 'application/octet-stream',
    isInline: isInline === true,
    contentId: typeof contentId === 'string' ? contentId : null,
  };
}
