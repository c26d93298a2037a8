import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ItemAttachment } from '../../database/content/item-attachments.ts';
import { createDistinctNames } from '../../domain/safe-file-name.ts';
import { Problem } from '../http/problem.ts';
import { attachmentFileName } from './file-names.ts';
import type { KeptContent } from './kept-content.ts';

/** What cannot be had is listed in the archive, and does not keep people from the rest. */
const LEFT_OUT_NAME = 'NOT INCLUDED.txt';
const leftOutFor: ReadonlySet<string> = new Set([
  'content-gone',
  'content-unreadable',
  'content-too-large',
  'content-elsewhere',
  'content-infected',
  'content-unscanned',
]);

/** Longer without a byte, and proxies and people give up: then what was read begins to leave. */
const FIRST_BYTE_WITHIN_MS = 15_000;

interface ZipSource {
  /** Throws the Problem that says why a file cannot be had. */
  readonly keep: (attachmentId: string) => Promise<KeptContent>;
  /** False: who asked has left. */
  readonly isWanted: () => boolean;
  readonly firstByteWithinMs?: number;
}

/**
 * Attachments as one archive, streamed: of each file a piece is in memory. Those that are read from the mailbox within
 * seconds are read before the first byte, so that a failure is an answer; a thousand files are read as they leave, and a
 * failure then breaks the stream off. Names are single, distinct path segments.
 */
export async function zipAttachments(
  attachments: readonly ItemAttachment[],
  { keep, isWanted, firstByteWithinMs = FIRST_BYTE_WITHIN_MS }: ZipSource,
): Promise<Readable> {
  const zip = new ZipFile();
  const output = Readable.from(zip.outputStream as AsyncIterable<Uint8Array>, { objectMode: false });
  const fail = (error?: unknown) => output.destroy(error as Error | undefined);
  zip.on('error', fail);
  const distinct = createDistinctNames([LEFT_OUT_NAME]);
  const leftOut: string[] = [];
  const waiting = [...attachments];
  const firstByteBy = Date.now() + firstByteWithinMs;

  async function addNext(attachment: ItemAttachment): Promise<void> {
    try {
      const { start, content } = await keep(attachment.id);
      const name = distinct(attachmentFileName(attachment, { start, ...content }));
      // Stored: attachments are mostly compressed already, and compressing would hold up other requests.
      zip.addReadStreamLazy(name, { compress: false, size: content.size }, (give) => {
        keep(attachment.id).then(
          ({ bytes }) => give(null, Readable.from(bytes(), { objectMode: false }).on('error', fail)),
          fail,
        );
      });
    } catch (error) {
      if (!(error instanceof Problem && leftOutFor.has(error.reason))) throw error;
      const name = attachmentFileName(attachment, { start: new Uint8Array(), pictureType: null });
      leftOut.push(`${name}: ${error.message}`);
    }
  }

  async function addUntil(isOver: () => boolean): Promise<void> {
    for (let next = waiting.shift(); next && isWanted(); next = isOver() ? undefined : waiting.shift())
      await addNext(next);
  }

  async function addRest(): Promise<void> {
    await addUntil(() => output.destroyed);
    if (waiting.length > 0) return void fail();
    if (leftOut.length > 0)
      zip.addBuffer(Buffer.from(`${leftOut.join('\r\n')}\r\n`), LEFT_OUT_NAME, { compress: false });
    zip.end();
  }

  try {
    await addUntil(() => Date.now() > firstByteBy);
  } catch (error) {
    fail();
    throw error;
  }
  addRest().catch(fail);
  return output;
}
