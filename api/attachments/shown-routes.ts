import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ItemAttachment } from '../../database/content/item-attachments.ts';
import { extensionOf } from '../../domain/attachment-risk.ts';
import { pictureTypeOf, pictureTypes } from '../../domain/picture-type.ts';
import { previewKindOf } from '../../domain/preview-kind.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { file } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { showablePictureType } from '../images/showable-picture-type.ts';
import { attachmentFileName } from './file-names.ts';
import { createItemContent } from './item-content.ts';
import { createKeptContent, type KeptContent } from './kept-content.ts';
import { createContentParser, MOST_PARSED_BYTES } from './parsed/content-parser.ts';
import type { ContentForm, PartBytes } from './parsed/parse-bytes.ts';
import { ShownContent, shownContentAnswer } from './parsed-schemas.ts';
import { AttachmentParams, contentProblems } from './routes.ts';
import { sendFile } from './send-file.ts';

const tags = ['Items'];

/** Messages inside messages that are opened. */
const MOST_DEPTH = 20;

const PartQuery = z.strictObject({
  part: z
    .string()
    .regex(new RegExp(`^\\d{1,3}(\\.\\d{1,3}){0,${MOST_DEPTH - 1}}$`))
    .optional()
    .meta({ description: 'A part inside, as the answer without it names it.', examples: ['2.0'] }),
  download: z.enum(['true', 'picture']).optional().meta({
    description: 'With `part`: its bytes to be saved, or, with `picture`, a picture that browsers show safely.',
  }),
});

const response = {
  200: {
    description: 'The content, by `kind`; or the bytes of a part.',
    content: {
      'application/json': { schema: ShownContent },
      ...file(['application/octet-stream', ...pictureTypes], '').content,
    },
  },
};

/** Attachments and special mail as they can be shown: attached mail, invitations, reports, signed mail, text. */
export function shownContentRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const keep = createKeptContent(dependencies);
  const { findMessage, findAttachment } = createItemContent(dependencies);
  const parser = createContentParser();
  return async (app) => {
    app.addHook('onClose', () => parser.close());

    app.get(
      '/api/v1/items/:id/attachments/:attachmentId/content',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Show an attachment',
          description:
            'Attached mail, invitations, delivery reports, read receipts, S/MIME and text, read within limits: 422 ' +
            '`content-not-shown` for anything else, and for more than 30 MB. Pictures: `?as=picture` of the attachment.',
          params: AttachmentParams,
          querystring: PartQuery,
          response,
        },
      },
      async (request, reply) => {
        const { id, attachmentId } = request.params;
        const { messageId, attachment } = await findAttachment(id, attachmentId);
        const kept = await keep({ messageId, attachmentId });
        return await show(request, reply, kept, { form: formOf(attachment, kept.start), isSpecial: false });
      },
    );

    app.get(
      '/api/v1/items/:id/special',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Show what a message is besides its text',
          description:
            'An invitation, a report, something signed or encrypted: what `message.special` announces. `kind` is `message` ' +
            'where the message itself says otherwise.',
          params: IdParams,
          querystring: PartQuery,
          response,
        },
      },
      async (request, reply) => {
        const { messageId } = await findMessage(request.params.id);
        return await show(request, reply, await keep({ messageId }), { form: 'message', isSpecial: true });
      },
    );
  };

  async function show(
    request: FastifyRequest<{ Querystring: unknown }>,
    reply: FastifyReply,
    { content, bytes: read }: KeptContent,
    { form, isSpecial }: { readonly form: ContentForm | undefined; readonly isSpecial: boolean },
  ) {
    const { part, download } = request.query as z.output<typeof PartQuery>;
    if (form === undefined || content.size > MOST_PARSED_BYTES) throw notShown();
    const bytes = await buffer(read());
    if (part === undefined) return await shown({ bytes, form, isSpecial, place: [] });
    const place = part.split('.').map(Number);
    const found = await parser.part(bytes, place);
    if (!found) throw new Problem('no-such-attachment', 'The message does not have this part. Read it again.');
    if (download !== undefined) return sendPart(request, reply, { ...found, download });
    const inside = formOf({ ...found, kind: 'file' }, found.bytes);
    if (inside === undefined) throw notShown();
    return await shown({ bytes: found.bytes, form: inside, isSpecial: false, place });
  }

  async function shown(content: Parameters<typeof parser.parse>[0]) {
    const parsed = await parser.parse(content);
    if (!parsed) throw notShown();
    return shownContentAnswer(parsed);
  }
}

function sendPart(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, bytes, download }: PartBytes & { readonly download: 'true' | 'picture' },
): FastifyReply {
  const pictureType = pictureTypeOf(bytes);
  const saved = {
    name: attachmentFileName({ name, kind: 'file' }, { start: bytes, pictureType }),
    size: bytes.length,
    bytes: () => Readable.from([bytes], { objectMode: false }),
  };
  if (download === 'true') return sendFile(request, reply, saved);
  const shownType = showablePictureType(bytes);
  if (shownType !== null) return sendFile(request, reply, { ...saved, contentType: shownType, disposition: 'inline' });
  throw new Problem('content-no-picture', 'This is no picture that can be shown safely. Download it.');
}

/** How content is read, by its name, its type, and the first bytes of attached items. Undefined: not at all. */
function formOf(
  attachment: Pick<ItemAttachment, 'kind' | 'name' | 'contentType'>,
  start: Uint8Array,
): ContentForm | undefined {
  const { name, contentType } = attachment;
  const text = Buffer.from(start.subarray(0, 64)).toString('latin1').trimStart().toUpperCase();
  if (text.startsWith('BEGIN:VCALENDAR')) return 'invitation';
  // Exchange gives attached contacts in this form.
  if (text.startsWith('BEGIN:VCARD')) return 'text';
  if (/^message\/(global-)?delivery-status/i.test(contentType ?? '')) return 'delivery-status';
  if (/^message\/(global-)?disposition-notification/i.test(contentType ?? '')) return 'disposition-notification';
  if (/pkcs7-mime/i.test(contentType ?? '') || extensionOf(name) === 'p7m') return 'envelope';
  const preview = previewKindOf(attachment);
  return preview === 'message' || preview === 'text' || preview === 'invitation' ? preview : undefined;
}

function notShown(): Problem {
  return new Problem('content-not-shown', 'This cannot be shown here. Download it.');
}
