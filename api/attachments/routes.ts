import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listItemAttachments } from '../../database/content/item-attachments.ts';
import { CONTENT_WITHIN_MS } from '../../domain/content-limits.ts';
import { pictureTypes } from '../../domain/picture-type.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, file, fileAnswers } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import type { ProblemKind } from '../http/problem-kinds.ts';
import { Id, IdParams } from '../http/values.ts';
import { showablePictureType } from '../images/showable-picture-type.ts';
import { contentProblem } from './content-problem.ts';
import { attachmentFileName, messageFileName } from './file-names.ts';
import { createItemContent, noSuchAttachment } from './item-content.ts';
import { createKeptContent } from './kept-content.ts';
import { sendFile } from './send-file.ts';
import { zipAttachments } from './zip-attachments.ts';

const tags = ['Items'];

/** The ids of an attachment and of its item. */
export const AttachmentParams = z.object({ id: Id, attachmentId: Id });

/** Why content may not be had: each with words of its own. */
export const contentProblems: ProblemKind[] = [
  'not-found',
  'gone',
  'invalid-transition',
  'sign-in-needed',
  'settings-missing',
  'settings-rejected',
  'message-rejected',
  'content-unreadable',
  'content-withheld',
  'not-ready',
];

const READING =
  'Read from the mailbox when it is asked for the first time, and kept encrypted for a while. That may take up to half ' +
  'a minute; then 504 `content-not-ready` says to ask again.';

/** Attachments of a mail, its pictures, and the mail as a file. */
export function attachmentRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db, contents } = dependencies;
  const keep = createKeptContent(dependencies);
  const { findMessage, findAttachment } = createItemContent(dependencies);
  return async (app) => {
    app.get(
      '/api/v1/items/:id/attachments/:attachmentId',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Download an attachment',
          description:
            `${READING} Comes as bytes to be saved, under a safe name, so that no browser shows it in the place of a page of Mailroom. ` +
            '`as=picture` gives pictures that every browser shows safely (PNG, JPEG, GIF, WebP, AVIF by their bytes, ' +
            'never SVG) with their own type, for `cid:` in the HTML and for previews; 422 `content-no-picture` for anything else.',
          params: AttachmentParams,
          querystring: z.strictObject({ as: z.enum(['picture']).optional() }),
          response: fileAnswers(['application/octet-stream', ...pictureTypes], 'The file.'),
        },
      },
      async (request, reply) => {
        const { id, attachmentId } = request.params;
        const { messageId, attachment } = await findAttachment(id, attachmentId);
        const kept = await keep({ messageId, attachmentId });
        const { size, pictureType } = kept.content;
        const name = attachmentFileName(attachment, { start: kept.start, pictureType });
        const download = { name, size, version: kept.content.id, bytes: kept.bytes };
        if (request.query.as === undefined) return sendFile(request, reply, download);
        const shownType = showablePictureType(kept.start);
        if (shownType !== null)
          return sendFile(request, reply, { ...download, contentType: shownType, disposition: 'inline' });
        throw new Problem('content-no-picture', 'This is no picture that can be shown safely. Download it.');
      },
    );

    app.get(
      '/api/v1/items/:id/attachments.zip',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Download all attachments',
          description:
            `${READING} Names that repeat are numbered. What cannot be had is listed in \`NOT INCLUDED.txt\`, with the reason. ` +
            'Many files come as they are read from the mailbox; where that fails in the middle, the connection breaks.',
          params: IdParams,
          response: { 200: file(['application/zip'], 'The archive.') },
        },
      },
      async (request, reply) => {
        const { messageId, subject } = await findMessage(request.params.id);
        const attachments = await listItemAttachments(db, messageId);
        if (attachments.length === 0) throw noSuchAttachment();
        const archive = { name: messageFileName(subject, 'zip'), contentType: 'application/zip' };
        if (request.method === 'HEAD') return sendFile(request, reply, { ...archive, bytes: () => Readable.from([]) });
        const isWanted = () => !reply.raw.destroyed;
        const zip = await zipAttachments(attachments, {
          keep: (id) => keep({ messageId, attachmentId: id }),
          isWanted,
        });
        return sendFile(request, reply, { ...archive, bytes: () => zip });
      },
    );

    app.get(
      '/api/v1/items/:id/message.eml',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Download the message as a file',
          description: `${READING} MIME as Exchange gives it, which is not always what was sent.`,
          params: IdParams,
          response: fileAnswers(['application/octet-stream'], 'The message.'),
        },
      },
      async (request, reply) => {
        const { messageId, subject } = await findMessage(request.params.id);
        const { content, bytes } = await keep({ messageId });
        const { id: version, size } = content;
        return sendFile(request, reply, { name: messageFileName(subject, 'eml'), size, version, bytes });
      },
    );

    app.get(
      '/api/v1/items/:id/web-link',
      {
        config: { permission: 'items.read', problems: contentProblems },
        schema: {
          tags,
          summary: 'Find the message in Outlook',
          description:
            'For messages whose `webLink` is null. Asked of the mailbox once. Who opens it needs access to the mailbox.',
          params: IdParams,
          response: { 200: answer(z.object({ webLink: z.string() }), 'Its address in Outlook on the web.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const found = await findMessage(id);
        if (found.webLink !== null) return { webLink: found.webLink };
        const report = await contents.read({ messageId: found.messageId, wants: 'web-link' }, CONTENT_WITHIN_MS);
        const problem = report && contentProblem(report);
        if (problem) throw problem;
        const { webLink } = await findMessage(id);
        if (webLink !== null) return { webLink };
        throw new Problem(
          'content-not-ready',
          'The mailbox did not answer within half a minute. Ask again in a moment.',
        );
      },
    );
  };
}
