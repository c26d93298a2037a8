import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody } from '../entra/control/control-reply.ts';
import type { Folder } from '../graph/create-folders.ts';
import type { Mailbox } from '../graph/create-mailboxes.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { transact } from '../graph/transact.ts';
import { composeMail, type QuickMail } from '../mail/compose-mail.ts';
import { readMime } from '../mail/read-mime.ts';
import type { ReceivedMail } from '../mail/received-mail.ts';
import { QuickMailSchema } from './quick-mail-schema.ts';

const Bulk = z.strictObject({ count: z.int().min(1).max(100_000), template: QuickMailSchema });

/** Mails of one transaction: large enough to be fast, small enough to let requests in between. */
const MAILS_PER_TRANSACTION = 200;

interface Prepared {
  readonly mail: ReceivedMail;
  readonly mime: Buffer;
}

/**
 * Delivers many mails: `{count, template}`, where `{n}` in the template becomes 1, 2, 3…, or lines of JSON
 * (`application/x-ndjson`), one quick mail each. Returns how many.
 */
export async function deliverInBulk(
  context: GraphContext,
  mailbox: Mailbox,
  folder: Folder,
  request: FastifyRequest,
): Promise<number> {
  const quickMails = Buffer.isBuffer(request.body) ? readLines(request.body) : readTemplate(request);
  let batch: Prepared[] = [];
  let delivered = 0;
  const flush = (): void => {
    const receivedAt = new Date();
    transact(context.database, () => {
      for (const { mail, mime } of batch) context.messages.deliver(mailbox, folder, mail, mime, receivedAt);
    });
    delivered += batch.length;
    batch = [];
  };
  for (const quickMail of quickMails) {
    const mime = composeMail(quickMail, mailbox.address, new Date());
    batch.push({ mime, mail: await readMime(mime) });
    if (batch.length >= MAILS_PER_TRANSACTION) flush();
  }
  flush();
  return delivered;
}

function* readTemplate(request: FastifyRequest): Generator<QuickMail> {
  const { count, template } = parseBody(Bulk, request);
  const text = JSON.stringify(template);
  for (let n = 1; n <= count; n += 1) yield JSON.parse(text.replaceAll('{n}', String(n))) as QuickMail;
}

function readLines(body: Buffer): QuickMail[] {
  const lines = body
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return QuickMailSchema.parse(JSON.parse(line));
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : 'no JSON';
      throw new ControlError(400, 'BadRequest', `Line ${index + 1}: ${reason}`);
    }
  });
}
