import { setImmediate as letOthersIn } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody } from '../entra/control/control-reply.ts';
import type { Folder } from '../graph/create-folders.ts';
import type { Mailbox } from '../graph/create-mailboxes.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { composeMail, type QuickMail } from '../mail/compose-mail.ts';
import { readMime } from '../mail/read-mime.ts';
import type { ReceivedMail } from '../mail/received-mail.ts';
import { transact } from '../transact.ts';
import { QuickMailSchema } from './quick-mail-schema.ts';

/** The mails for each mailbox: quick mails from a template, or raw ones (base64), repeated as needed. */
export const BulkShape = {
  count: z.int().min(1).max(100_000),
  template: QuickMailSchema.optional(),
  mails: z.array(z.base64().min(1)).min(1).optional(),
};

type Bulk = z.infer<z.ZodObject<typeof BulkShape>>;

/** Mails per transaction: enough to be fast, few enough to let requests in between. */
const MAILS_PER_TRANSACTION = 200;

export interface BulkTarget {
  readonly mailbox: Mailbox;
  readonly folder: Folder;
}

interface Prepared {
  readonly mail: ReceivedMail;
  readonly mime: Buffer;
}

/** Delivers every mail to every target, received now or at the given time. Returns how many were delivered. */
export async function deliverInBulk(
  context: GraphContext,
  targets: readonly BulkTarget[],
  mails: AsyncIterable<Prepared>,
  receivedDateTime?: string,
): Promise<number> {
  let batch: { target: BulkTarget; prepared: Prepared }[] = [];
  let delivered = 0;
  const flush = async (): Promise<void> => {
    const receivedAt = receivedDateTime === undefined ? new Date() : new Date(receivedDateTime);
    transact(context.database, () => {
      for (const { target, prepared } of batch) {
        context.messages.deliver(target.mailbox, target.folder, prepared.mail, prepared.mime, receivedAt);
      }
    });
    delivered += batch.length;
    batch = [];
    await letOthersIn();
  };
  for await (const prepared of mails) {
    for (const target of targets) {
      batch.push({ target, prepared });
      if (batch.length >= MAILS_PER_TRANSACTION) await flush();
    }
  }
  await flush();
  return delivered;
}

/**
 * `{n}` in a template becomes 1, 2, 3…; a raw mail is read once, however often it is delivered. Each delivery gets its
 * own Message-ID, since it stands for a different mail.
 */
export async function* prepareMails({ count, template, mails }: Bulk, to: string): AsyncGenerator<Prepared> {
  if (mails) {
    const prepared: Prepared[] = [];
    for (const [index, base64] of mails.entries()) {
      if (index >= count) break;
      const mime = Buffer.from(base64, 'base64');
      prepared.push({ mime, mail: await readMime(mime) });
    }
    for (let n = 0; n < count; n += 1) {
      const { mail, mime } = prepared[n % prepared.length] as Prepared;
      yield { mail: { ...mail, messageId: null }, mime };
    }
    return;
  }
  if (!template) throw new ControlError(400, 'BadRequest', 'Give a template, or mails in base64.');
  const text = JSON.stringify(template);
  for (let n = 1; n <= count; n += 1) {
    yield prepareQuickMail(JSON.parse(text.replaceAll('{n}', String(n))) as QuickMail, to);
  }
}

const OneBulk = z.strictObject(BulkShape);

/** For one mailbox: the same, or lines of JSON (`application/x-ndjson`), one quick mail each. */
export function prepareMailsOf(request: FastifyRequest, to: string): AsyncIterable<Prepared> {
  return Buffer.isBuffer(request.body)
    ? prepareLines(readLines(request.body), to)
    : prepareMails(parseBody(OneBulk, request), to);
}

async function* prepareLines(lines: readonly QuickMail[], to: string): AsyncGenerator<Prepared> {
  for (const line of lines) yield prepareQuickMail(line, to);
}

async function prepareQuickMail(quickMail: QuickMail, to: string): Promise<Prepared> {
  const mime = composeMail(quickMail, to, new Date());
  return { mime, mail: await readMime(mime) };
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
