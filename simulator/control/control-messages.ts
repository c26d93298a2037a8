import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AddressList, expandAddresses } from '../entra/control/address-list.ts';
import { ControlError, parseBody, parseQuery } from '../entra/control/control-reply.ts';
import type { Mailbox } from '../graph/create-mailboxes.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { folderId, immutableMessageId, messageId } from '../graph/identifiers.ts';
import { utcSeconds } from '../graph/render-message.ts';
import type { StoredMessage } from '../graph/stored-message.ts';
import { composeMail } from '../mail/compose-mail.ts';
import { readMime } from '../mail/read-mime.ts';
import { BulkShape, deliverInBulk, prepareMails, prepareMailsOf } from './deliver-in-bulk.ts';
import { QuickMailSchema } from './quick-mail-schema.ts';
import { ensureMailbox, findFolder, getMessage } from './resolve-mailbox.ts';

const Delivery = z.object({
  folder: z.string().default('inbox'),
  receivedDateTime: z.iso.datetime({ offset: true }).optional(),
});
/** Every mailbox gets `count` mails. */
const ManyBulk = z.strictObject({ mailboxes: AddressList, ...BulkShape });
const Move = z.strictObject({
  folder: z.string(),
  /**
   * Like a program that removes a mail and restores it, in a restore or a migration: the same mail under another id.
   */
  underNewId: z.boolean().default(false),
});
const Changes = z.strictObject({
  isRead: z.boolean().optional(),
  isDraft: z.boolean().optional(),
  subject: z.string().optional(),
  categories: z.array(z.string()).optional(),
  importance: z.enum(['low', 'normal', 'high']).optional(),
  inferenceClassification: z.enum(['focused', 'other']).optional(),
  flag: z.strictObject({ flagStatus: z.enum(['notFlagged', 'complete', 'flagged']) }).optional(),
});
const Listing = z.object({
  folder: z.string().default('inbox'),
  top: z.coerce.number().int().min(1).max(100_000).default(50),
});

interface MailboxParams {
  readonly Params: { readonly address: string };
}

interface MessageParams {
  readonly Params: { readonly address: string; readonly id: string };
}

/** `/control/mailboxes/{address}/messages`: deliver, list, edit, move and delete. */
export function registerControlMessages(app: FastifyInstance, context: GraphContext): void {
  const { messages } = context;

  app.post<MailboxParams>('/control/mailboxes/:address/messages', async (request, reply) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const { folder, receivedDateTime } = parseQuery(Delivery, request);
    const target = findFolder(context, mailbox, folder);
    const receivedAt = receivedDateTime === undefined ? new Date() : new Date(receivedDateTime);
    const mime = Buffer.isBuffer(request.body)
      ? request.body
      : composeMail(parseBody(QuickMailSchema, request), mailbox.address, receivedAt);
    if (mime.length === 0)
      throw new ControlError(400, 'EmptyMail', 'The body must be a mail (message/rfc822) or JSON.');
    const message = messages.deliver(mailbox, target, await readMime(mime), mime, receivedAt);
    return reply.code(201).send(describe(context, mailbox, message));
  });

  app.post<MailboxParams>('/control/mailboxes/:address/messages/bulk', async (request, reply) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const { folder, receivedDateTime } = parseQuery(Delivery, request);
    const target = { mailbox, folder: findFolder(context, mailbox, folder) };
    const mails = prepareMailsOf(request, mailbox.address);
    const delivered = await deliverInBulk(context, [target], mails, receivedDateTime);
    return reply.code(201).send({ delivered });
  });

  app.post('/control/messages/bulk', async (request, reply) => {
    const { mailboxes, ...bulk } = parseBody(ManyBulk, request);
    const { folder, receivedDateTime } = parseQuery(Delivery, request);
    const targets = expandAddresses(mailboxes).map((address) => {
      const mailbox = ensureMailbox(context, address);
      return { mailbox, folder: findFolder(context, mailbox, folder) };
    });
    const mails = prepareMails(bulk, targets[0]?.mailbox.address ?? '');
    return reply.code(201).send({ delivered: await deliverInBulk(context, targets, mails, receivedDateTime) });
  });

  app.get<MailboxParams>('/control/mailboxes/:address/messages', (request) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const { folder, top } = parseQuery(Listing, request);
    const found = messages.listNewest(findFolder(context, mailbox, folder), top);
    return { messages: found.map((message) => describe(context, mailbox, message)) };
  });

  app.get<MessageParams>('/control/mailboxes/:address/messages/:id', (request) => {
    const mailbox = ensureMailbox(context, request.params.address);
    return describe(context, mailbox, getMessage(context, mailbox, request.params.id));
  });

  app.post<MessageParams>('/control/mailboxes/:address/messages/:id/move', (request) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const { folder, underNewId } = parseBody(Move, request);
    const target = findFolder(context, mailbox, folder);
    const message = getMessage(context, mailbox, request.params.id);
    if (!underNewId) return describe(context, mailbox, messages.move(mailbox, message, target));
    const imported = messages.copy(mailbox, message, target);
    messages.remove(mailbox, message);
    return describe(context, mailbox, imported);
  });

  app.patch<MessageParams>('/control/mailboxes/:address/messages/:id', (request) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const { isRead, ...content } = parseBody(Changes, request);
    const given = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
    const message = getMessage(context, mailbox, request.params.id);
    return describe(context, mailbox, messages.update(mailbox, message, { isRead, content: given }));
  });

  app.delete<MessageParams>('/control/mailboxes/:address/messages/:id', (request, reply) => {
    const mailbox = ensureMailbox(context, request.params.address);
    messages.remove(mailbox, getMessage(context, mailbox, request.params.id));
    return reply.code(204).send();
  });
}

function describe(context: GraphContext, mailbox: Mailbox, message: StoredMessage): Record<string, unknown> {
  const { subject, from, internetMessageId, hasAttachments } = message.content;
  return {
    id: messageId(mailbox, message),
    immutableId: immutableMessageId(mailbox, message),
    mailbox: mailbox.address,
    folder: context.folders.findByNumber(mailbox, message.folderNumber)?.displayName,
    folderId: folderId(mailbox, message.folderNumber),
    receivedDateTime: utcSeconds(message.receivedAt),
    isRead: message.isRead,
    subject,
    from,
    internetMessageId,
    hasAttachments,
  };
}
