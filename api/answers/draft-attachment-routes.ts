import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findAnswer } from '../../database/answers/answer-views.ts';
import { addAttachment, readAttachment, removeAttachment } from '../../database/answers/draft-attachments.ts';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '../../domain/answer.ts';
import { safeFileName } from '../../domain/safe-file-name.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Flag, Id, IdParams } from '../http/values.ts';
import { draftProblem, noSuchDraft, ofOther } from './draft-problems.ts';

import { AnswerAttachmentSchema, attachmentAnswer } from './schemas.ts';

const tags = ['Answers'];

const AttachmentParams = z.object({ id: Id, attachmentId: Id });

/** Types that browsers show as pictures, and never as a page. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** Each is a connection, and holds a part of its file in memory. A browser sends six at once. */
const MOST_UPLOADS_EACH = 12;

/** Whether a request brings a file, which may take its time. */
export function isDraftUpload({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && /^\/api\/v1\/drafts\/[\da-f-]{36}\/attachments\/?(?:\?|$)/i.test(url);
}

/** Attachments of drafts: their bytes as the body of a request, whatever their type. */
export function draftAttachmentRoutes({ db, keys }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    const uploads = new Map<string, number>();
    // Only here: everywhere else bodies are JSON.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    app.post(
      '/api/v1/drafts/:id/attachments',
      {
        bodyLimit: MAX_ATTACHMENT_BYTES,
        config: { permission: 'items.answer', problems: ['not-found', 'conflict', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Attach a file to a draft',
          description:
            'The body is the file, its Content-Type the type; 0 bytes are a file, too. All attachments together have at ' +
            'most 150 MB. `inline`: a picture in the text, which names it by its `contentId`. The version of the draft stays.',
          params: IdParams,
          querystring: z.strictObject({
            name: z
              .string()
              .min(1)
              .max(1_000)
              .meta({ examples: ['invoice.pdf'] }),
            inline: Flag.optional(),
          }),
          response: { 201: answer(AnswerAttachmentSchema, 'The attachment.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const { name, inline = false } = request.query;
        const type =
          String(request.headers['content-type'] ?? '')
            .split(';')[0]
            ?.trim()
            .toLowerCase() ?? '';
        const body = request.body as Readable | undefined;
        const under = uploads.get(actor) ?? 0;
        if (under >= MOST_UPLOADS_EACH) {
          const detail = `You are sending ${under} files already. Wait until one of them has arrived.`;
          throw new Problem('too-many-uploads', detail);
        }
        uploads.set(actor, under + 1);
        const added = await addAttachment(
          db,
          keys,
          actor,
          request.params.id,
          {
            name: safeFileName(name),
            contentType: mediaType.test(type) ? type : 'application/octet-stream',
            isInline: inline,
            announcedBytes: Number(request.headers['content-length'] ?? 0),
          },
          body ?? Readable.from([]),
        )
          .catch((error: unknown) => {
            if (body && !body.readableEnded && (body.readableAborted || body.destroyed)) {
              const detail = 'The file did not arrive completely. Send it again.';
              throw new Problem('attachment-incomplete', detail, { cause: error });
            }
            throw error;
          })
          .finally(() => {
            const left = (uploads.get(actor) ?? 1) - 1;
            if (left > 0) uploads.set(actor, left);
            else uploads.delete(actor);
          });
        if (added.outcome === 'too-many') {
          const detail = `An answer has at most ${MAX_ATTACHMENTS} attachments. Pack several files into one.`;
          throw new Problem('too-many-attachments', detail);
        }
        if (added.outcome === 'too-large') {
          const detail = 'All attachments together have more than 150 MB. Remove some, or send a link instead.';
          throw new Problem('attachments-too-large', detail);
        }
        if (added.outcome !== 'added') throw draftProblem(added);
        reply.code(201);
        return attachmentAnswer(added.attachment);
      },
    );

    app.get(
      '/api/v1/drafts/:id/attachments/:attachmentId',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'gone'] },
        schema: {
          tags,
          summary: 'Read an attachment of your draft',
          description:
            'Of a sent answer the files are gone: the sent mail has them. Pictures keep their type, so that an editor can show them.',
          params: AttachmentParams,
          response: {
            200: { description: 'The bytes.', content: { 'application/octet-stream': { schema: z.any() } } },
          },
        },
      },
      async (request, reply) => {
        const { id, attachmentId } = request.params;
        const found = await findAnswer(db, id);
        const attachment = found?.attachments.find((each) => each.id === attachmentId);
        if (!found || !attachment) throw noSuchDraft();
        if (found.state === 'draft' && found.author !== principalOf(request).actor) throw ofOther(found);
        if (found.state === 'sent') {
          const detail = 'The answer was sent. The file is with the sent mail, in Outlook.';
          throw new Problem('attachment-sent', detail);
        }
        const { name, contentType, size } = attachment;
        reply.headers({
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
          'content-security-policy': "sandbox; default-src 'none'",
          'content-length': String(size),
        });
        reply.type(pictures.has(contentType) ? contentType : 'application/octet-stream');
        return reply.send(Readable.from(readAttachment(db, keys, attachmentId)));
      },
    );

    app.delete(
      '/api/v1/drafts/:id/attachments/:attachmentId',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'conflict', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Remove an attachment from a draft',
          params: AttachmentParams,
          response: { 204: empty('The attachment is gone.') },
        },
      },
      async (request, reply) => {
        const { id, attachmentId } = request.params;
        const removed = await removeAttachment(db, principalOf(request).actor, id, attachmentId);
        if (removed.outcome !== 'removed') throw draftProblem(removed);
        return await reply.code(204).send();
      },
    );
  };
}
