import { setImmediate as letOthersIn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { transact } from '../graph/transact.ts';
import { readMime } from '../mail/read-mime.ts';
import { ensureMailbox, findFolder } from './resolve-mailbox.ts';

const Round = z.strictObject({
  mails: z.array(z.base64()).min(1).max(1_000),
  mailboxes: z.array(z.string()).min(1).max(10_000),
  count: z.int().min(1).max(1_000_000),
});

/** Mails of one transaction: large enough to be fast, small enough to let requests in between. */
const MAILS_PER_TRANSACTION = 200;

/**
 * `POST /control/deliveries`: `count` mails into the inboxes of `mailboxes`, each of which gets the next
 * `count / mailboxes` of `mails` (raw, as base64), over and over again. Each raw mail is read once only, so that
 * backlogs of real mail take seconds.
 */
export function registerDeliverRound(app: FastifyInstance, context: GraphContext): void {
  app.post('/control/deliveries', async (request, reply) => {
    const { mails, mailboxes, count } = parseBody(Round, request);
    const raw = mails.map((mail) => Buffer.from(mail, 'base64'));
    const read = await Promise.all(raw.map(async (mime) => ({ mime, mail: await readMime(mime) })));
    const targets = mailboxes.map((address) => {
      const mailbox = ensureMailbox(context, address);
      return { mailbox, inbox: findFolder(context, mailbox, 'inbox') };
    });
    const perMailbox = Math.ceil(count / targets.length);
    for (let from = 0; from < count; from += MAILS_PER_TRANSACTION) {
      const receivedAt = new Date();
      transact(context.database, () => {
        for (let n = from; n < Math.min(from + MAILS_PER_TRANSACTION, count); n += 1) {
          const { mailbox, inbox } = at(targets, Math.floor(n / perMailbox));
          const { mail, mime } = at(read, n);
          context.messages.deliver(mailbox, inbox, mail, mime, receivedAt);
        }
      });
      await letOthersIn();
    }
    return reply.code(201).send({ delivered: count });
  });
}

/** The n-th of a list that begins anew at its end. */
function at<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
