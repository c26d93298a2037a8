import { sql } from 'kysely';
import type { AttachmentRisk } from '../../domain/attachment-risk.ts';
import { CHUNK_BYTES, type Verdict } from '../../domain/content-limits.ts';
import type { PictureType } from '../../domain/picture-type.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Queryable } from '../database.ts';
import type { ContentTarget } from './content-sources.ts';

/** Content that was read whole. */
export interface WholeContent {
  readonly id: string;
  readonly size: number;
  readonly chunks: number;
  readonly pictureType: PictureType | null;
  readonly risk: AttachmentRisk | null;
  /** Null: there is no scanner. */
  readonly verdict: Verdict | null;
  /** What the scanner found, or why it did not scan. */
  readonly finding: string | null;
}

const targetOf = ({ messageId, attachmentId }: ContentTarget) =>
  sql<boolean>`coalesce(attachment_id, message_id) = ${attachmentId ?? messageId}::uuid`;

/** The content of a target, which now counts as used; undefined when it has to be read from the mailbox. */
export async function findContent(db: Queryable, target: ContentTarget): Promise<WholeContent | undefined> {
  return (await db
    .updateTable('contents')
    .set({ usedAt: sql`now()` })
    .where(targetOf(target))
    .where('completedAt', 'is not', null)
    .returning(['id', 'size', 'chunks', 'pictureType', 'risk', 'verdict', 'finding'])
    .executeTakeFirst()) as WholeContent | undefined;
}

/** Begins an attempt to read; the id of its content. */
export async function beginContent(db: Queryable, { messageId, attachmentId }: ContentTarget): Promise<string> {
  const { id } = await db
    .insertInto('contents')
    .values({ messageId, attachmentId: attachmentId ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Adds the next piece of at most `CHUNK_BYTES`, encrypted for its place. */
export async function addChunk(
  db: Queryable,
  keys: KeyRing,
  { contentId, number, bytes }: { readonly contentId: string; readonly number: number; readonly bytes: Uint8Array },
): Promise<void> {
  if (bytes.length > CHUNK_BYTES) throw new RangeError('A piece of content is too long');
  const { keyId, data } = keys.encryptBytes(bytes, chunkContext(contentId, number));
  await db
    .insertInto('contentChunks')
    .values({ contentId, number, keyId, data: Buffer.from(data.buffer, data.byteOffset, data.length) })
    .execute();
}

/**
 * Makes the content of an attempt the one that is used. False when another attempt was quicker, or the message was
 * deleted: the caller discards its own.
 */
export async function completeContent(db: Queryable, id: string, facts: Omit<WholeContent, 'id'>): Promise<boolean> {
  const { rows } = await sql`
    update contents set
      completed_at = now(), used_at = now(), size = ${facts.size}, chunks = ${facts.chunks},
      picture_type = ${facts.pictureType}, risk = ${facts.risk}, verdict = ${facts.verdict}, finding = ${facts.finding}
    where id = ${id} and not exists (
      select from contents other
      where coalesce(other.attachment_id, other.message_id) = coalesce(contents.attachment_id, contents.message_id)
        and other.completed_at is not null
    )
    returning id`.execute(db);
  return rows.length > 0;
}

/** Deletes content with its pieces. */
export async function discardContent(db: Queryable, id: string): Promise<void> {
  await db.deleteFrom('contents').where('id', '=', id).execute();
}

/** Deletes the pieces alone: what the scanner found stays known. */
export async function discardChunks(db: Queryable, id: string): Promise<void> {
  await db.deleteFrom('contentChunks').where('contentId', '=', id).execute();
}

/** A piece is missing: PostgreSQL crashed, the cache was emptied, or its key is gone. It has to be read again. */
export class ContentLost extends Error {
  override readonly name = 'ContentLost';
}

/** A slow client takes longer over a file than content stays without being used. */
const TOUCHED_EVERY_MS = 60_000;

/** The bytes of content, piece by piece from piece `first` on, which keeps it in the cache. Throws ContentLost. */
export async function* readChunks(
  db: Queryable,
  keys: KeyRing,
  { id, chunks }: Pick<WholeContent, 'id' | 'chunks'>,
  first = 0,
): AsyncGenerator<Uint8Array, void> {
  let touchedAt = Date.now();
  for (let number = first; number < chunks; number += 1) {
    const chunk = await db
      .selectFrom('contentChunks')
      .select(['keyId', 'data'])
      .where('contentId', '=', id)
      .where('number', '=', number)
      .executeTakeFirst();
    if (!chunk) throw new ContentLost('A piece of content is missing');
    if (Date.now() - touchedAt > TOUCHED_EVERY_MS) {
      touchedAt = Date.now();
      await db.updateTable('contents').set({ usedAt: sql`now()` }).where('id', '=', id).execute();
    }
    yield decrypted(keys, id, number, chunk);
  }
}

function decrypted(keys: KeyRing, id: string, number: number, chunk: { keyId: string; data: Buffer }): Uint8Array {
  try {
    return keys.decryptBytes(chunk.keyId, chunk.data, chunkContext(id, number));
  } catch (error) {
    if (error instanceof DecryptionError) throw new ContentLost('A piece of content cannot be decrypted');
    throw error;
  }
}

export const chunkContext = (contentId: string, number: number) => `content_chunks.data|${contentId}|${number}`;
