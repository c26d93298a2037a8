import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '../../domain/answer.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import type { AnswerAttachment } from './answer-views.ts';
import { type DraftRefusal, lockDraft } from './drafts.ts';

/** A part is encrypted, sent and held in memory as a whole. */
const PART_BYTES = 1_024 * 1_024;

export const partContext = (attachmentId: string, number: number) =>
  `answer_attachment_parts.data|${attachmentId}|${number}`;

export interface NewAttachment {
  /** Bytes that the sender announced; undefined: it did not say. */
  readonly announcedBytes?: number | undefined;
  readonly name: string;
  readonly contentType: string;
  readonly isInline: boolean;
}

export type AttachmentAddition =
  | { readonly outcome: 'added'; readonly attachment: AnswerAttachment }
  | { readonly outcome: 'too-large' }
  | { readonly outcome: 'too-many' }
  | DraftRefusal;

/**
 * Stores a file with a draft while it arrives. Until it is whole it belongs to no answer, so a broken upload leaves
 * nothing that is sent; the sum of all attachments is checked under the draft's lock. The draft's version stays: it is
 * that of the text, which a page may be saving.
 */
export async function addAttachment(
  db: Database,
  keys: KeyRing,
  actor: string,
  answerId: string,
  { name, contentType, isInline, announcedBytes = 0 }: NewAttachment,
  content: AsyncIterable<Uint8Array>,
): Promise<AttachmentAddition> {
  // Before it arrives: a person does not wait for minutes to learn that it is too large.
  const refusal = await db.transaction().execute(async (trx) => {
    const locked = await lockDraft(trx, actor, answerId, undefined);
    return locked.outcome === 'locked' ? await refusalOf(trx, answerId, announcedBytes) : locked;
  });
  if (refusal !== undefined) return refusal;
  const { id } = await db
    .insertInto('answerAttachments')
    .values({ answerId, name, contentType, isInline, contentId: isInline ? `${randomUUID()}@mailroom` : null })
    .returning('id')
    .executeTakeFirstOrThrow();
  let whole = false;
  try {
    const size = await storeParts(db, keys, id, content);
    if (size === undefined) return { outcome: 'too-large' };
    const addition = await complete(db, actor, { answerId, id, size });
    whole = addition.outcome === 'added';
    return addition;
  } finally {
    if (!whole) await db.deleteFrom('answerAttachments').where('id', '=', id).execute();
  }
}

/** Bytes stored; undefined: there are too many. */
async function storeParts(
  db: Database,
  keys: KeyRing,
  attachmentId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<number | undefined> {
  let size = 0;
  let number = 0;
  for await (const part of inParts(content)) {
    size += part.length;
    if (size > MAX_ATTACHMENT_BYTES) return undefined;
    const { keyId, data } = keys.encryptBytes(part, partContext(attachmentId, number));
    await db
      .insertInto('answerAttachmentParts')
      .values({ attachmentId, number, keyId, data: Buffer.from(data) })
      .execute();
    number += 1;
  }
  return size;
}

async function* inParts(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    let rest = chunk;
    while (bytes + rest.length >= PART_BYTES) {
      const room = PART_BYTES - bytes;
      yield Buffer.concat([...gathered, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      gathered = [];
      bytes = 0;
    }
    if (rest.length > 0) gathered.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(gathered, bytes);
}

async function complete(
  db: Database,
  actor: string,
  { answerId, id, size }: { readonly answerId: string; readonly id: string; readonly size: number },
): Promise<AttachmentAddition> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockDraft(trx, actor, answerId, undefined);
    if (locked.outcome !== 'locked') return locked;
    const refusal = await refusalOf(trx, answerId, size);
    if (refusal !== undefined) return refusal;
    const attachment = await trx
      .updateTable('answerAttachments')
      .set({ size, isComplete: true })
      .where('id', '=', id)
      .returning(['id', 'name', 'contentType', 'size', 'isInline', 'contentId'])
      .executeTakeFirstOrThrow();
    return { outcome: 'added', attachment };
  });
}

/** Why another file of this size does not fit; undefined: it does. */
async function refusalOf(
  trx: Queryable,
  answerId: string,
  size: number,
): Promise<{ readonly outcome: 'too-large' } | { readonly outcome: 'too-many' } | undefined> {
  const { bytes, files } = await trx
    .selectFrom('answerAttachments')
    .where('answerId', '=', answerId)
    .where('isComplete', '=', true)
    .select((select) => [
      select.fn.coalesce(select.fn.sum<number>('size'), select.lit(0)).as('bytes'),
      select.fn.countAll<number>().as('files'),
    ])
    .executeTakeFirstOrThrow();
  if (Number(files) >= MAX_ATTACHMENTS) return { outcome: 'too-many' };
  return Number(bytes) + size > MAX_ATTACHMENT_BYTES ? { outcome: 'too-large' } : undefined;
}

/** Removes an attachment from a draft. To remove one that is gone changes nothing. */
export async function removeAttachment(
  db: Database,
  actor: string,
  answerId: string,
  attachmentId: string,
): Promise<{ readonly outcome: 'removed' } | DraftRefusal> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockDraft(trx, actor, answerId, undefined);
    if (locked.outcome !== 'locked') return locked;
    await trx.deleteFrom('answerAttachments').where('id', '=', attachmentId).where('answerId', '=', answerId).execute();
    return { outcome: 'removed' };
  });
}

/** Longer than 150 MB take at the slowest speed that is accepted. */
const ABANDONED_AFTER_HOURS = 24;
const SWEPT_AT_ONCE = 100;

/** Deletes files whose upload ended with its process, and never became whole. Returns how many. */
export async function sweepUploads(db: Database): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('answerAttachments')
    .where('id', 'in', (select) =>
      select
        .selectFrom('answerAttachments')
        .select('id')
        .where('isComplete', '=', false)
        .where('createdAt', '<', sql<Date>`now() - ${ABANDONED_AFTER_HOURS} * interval '1 hour'`)
        .limit(SWEPT_AT_ONCE),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** The bytes of an attachment, part by part. Throws DecryptionError when the key is not configured. */
export async function* readAttachment(
  db: Queryable,
  keys: KeyRing,
  attachmentId: string,
  fromPart = 0,
): AsyncIterable<Uint8Array> {
  for (let number = fromPart; ; number += 1) {
    const part = await db
      .selectFrom('answerAttachmentParts')
      .select(['keyId', 'data'])
      .where('attachmentId', '=', attachmentId)
      .where('number', '=', number)
      .executeTakeFirst();
    if (!part) return;
    yield keys.decryptBytes(part.keyId, part.data, partContext(attachmentId, number));
  }
}
