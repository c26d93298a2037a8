import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ItemAttachment } from '../../database/content/item-attachments.ts';
import { distinctNames } from '../../domain/safe-file-name.ts';
import { Problem } from '../http/problem.ts';
import { attachmentFileName } from './file-names.ts';
import type { KeepContent } from './kept-content.ts';

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

/**
 * Attachments as one archive, streamed: of each file a piece is in memory. Reads all of them from the mailbox before the
 * first byte, so that a failure is an answer and not a broken archive. Names are single, distinct path segments.
 */
export async function zipAttachments(
  messageId: string,
  attachments: readonly ItemAttachment[],
  keep: KeepContent,
): Promise<Readable> {
  const files: { readonly name: string; readonly read: () => AsyncIterable<Uint8Array> }[] = [];
  const leftOut: string[] = [];
  for (const attachment of attachments) {
    try {
      const { start, content, later } = await keep({ messageId, attachmentId: attachment.id });
      files.push({ name: attachmentFileName(attachment, { start, ...content }), read: later });
    } catch (error) {
      if (!(error instanceof Problem && leftOutFor.has(error.reason))) throw error;
      leftOut.push(
        `${attachmentFileName(attachment, { start: new Uint8Array(), pictureType: null })}: ${error.message}`,
      );
    }
  }
  const zip = new ZipFile();
  const names = distinctNames([...(leftOut.length > 0 ? [LEFT_OUT_NAME] : []), ...files.map(({ name }) => name)]);
  if (leftOut.length > 0) zip.addBuffer(Buffer.from(`${leftOut.join('\r\n')}\r\n`), LEFT_OUT_NAME, { compress: false });
  const first = leftOut.length > 0 ? 1 : 0;
  const output = Readable.from(zip.outputStream as AsyncIterable<Uint8Array>, { objectMode: false });
  const fail = (error: unknown) => output.destroy(error as Error);
  zip.on('error', fail);
  files.forEach(({ read }, index) => {
    // Stored: attachments are mostly compressed already, and compressing would hold up other requests.
    zip.addReadStreamLazy(names[index + first] ?? LEFT_OUT_NAME, { compress: false }, (give) => {
      give(null, Readable.from(read(), { objectMode: false }).on('error', fail));
    });
  });
  zip.end();
  return output;
}
