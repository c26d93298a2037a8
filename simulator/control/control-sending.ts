import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody, parseQuery } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { immutableMessageId } from '../graph/identifiers.ts';
import { SEND_RIGHTS } from '../graph/sending/create-send-rights.ts';
import type { SentMail } from '../graph/sending/create-sent-mails.ts';
import { ensureMailbox } from './resolve-mailbox.ts';

const Listing = z.object({
  mailbox: z.string().optional(),
  to: z.string().optional(),
  top: z.coerce.number().int().min(1).max(100_000).default(100),
});
const NewRight = z.strictObject({ right: z.enum(SEND_RIGHTS) });
const NewFailure = z.strictObject({
  status: z
    .string()
    .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
    .default('5.1.1'),
  diagnostic: z.string().min(1).default('550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'),
});

interface SenderParams {
  readonly Params: { readonly address: string; readonly user: string };
}

interface AddressParams {
  readonly Params: { readonly address: string };
}

/** `/control/outbox`, `/control/undeliverable`, and who may send from which mailbox. */
export function registerControlSending(app: FastifyInstance, context: GraphContext): void {
  const { sentMails, sendRights, undeliverable } = context;

  app.get('/control/outbox', (request) => {
    const { mailbox, to, top } = parseQuery(Listing, request);
    const [from, recipient] = [mailbox?.toLowerCase(), to?.toLowerCase()];
    const found = sentMails
      .list(Number.MAX_SAFE_INTEGER)
      .filter((mail) => from === undefined || mail.mailboxAddress === from)
      .filter(({ recipients }) => !recipient || recipients.some(({ address }) => address.toLowerCase() === recipient));
    return { mails: found.slice(0, top).map((mail) => describe(context, mail)) };
  });

  app.get<{ Params: { id: string } }>('/control/outbox/:id', (request, reply) => {
    const mail = sentMails.find(Number(request.params.id));
    if (!mail) throw new ControlError(404, 'MailNotFound', 'No mail of this id left a mailbox here.');
    return reply.type('message/rfc822').send(Buffer.from(sentMails.readMime(mail.id)));
  });

  app.delete('/control/outbox', () => ({ removed: sentMails.clear() }));

  app.put<SenderParams>('/control/mailboxes/:address/senders/:user', (request, reply) => {
    const { address, user } = request.params;
    const { right } = parseBody(NewRight, request);
    sendRights.set(ensureMailbox(context, address).oid, ensureMailbox(context, user).oid, right);
    return reply.code(204).send();
  });

  app.get('/control/undeliverable', () => ({ addresses: undeliverable.list() }));

  app.put<AddressParams>('/control/undeliverable/:address', (request, reply) => {
    undeliverable.set(request.params.address, parseBody(NewFailure, request));
    return reply.code(204).send();
  });

  app.delete<AddressParams>('/control/undeliverable/:address', (request, reply) => {
    if (!undeliverable.remove(request.params.address)) {
      throw new ControlError(404, 'AddressNotFound', 'Mail to this address is delivered already.');
    }
    return reply.code(204).send();
  });
}

function describe({ mailboxes }: GraphContext, mail: SentMail): Record<string, unknown> {
  const mailbox = mailboxes.findByOid(mail.oid);
  return {
    id: mail.id,
    mailbox: mail.mailboxAddress,
    messageId: mailbox && immutableMessageId(mailbox, { folderNumber: 0, itemNumber: 0, number: mail.messageNumber }),
    from: mail.from,
    sender: mail.sender,
    recipients: mail.recipients.map(({ address }) => address),
    subject: mail.subject,
    internetMessageId: mail.internetMessageId,
    copies: mail.copies,
    acceptedDateTime: mail.acceptedAt.toISOString(),
    dueDateTime: mail.dueAt.toISOString(),
    sentDateTime: mail.sentAt?.toISOString() ?? null,
    deliveredTo: mail.deliveredTo,
    bouncedTo: mail.bouncedTo,
  };
}
