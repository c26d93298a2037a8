import { isUtf8 } from 'node:buffer';
import { headerBlock } from './header-block.ts';
import { decodeSevenBit, SEVEN_BIT_CHARSET } from './seven-bit-charsets.ts';

/** Encoded words that the MIME library does not decode. */
const UNREAD_WORD = new RegExp(`=\\?(${SEVEN_BIT_CHARSET})(?:\\*[\\w-]*)?\\?([QB])\\?([^?\\s]{0,998})\\?=`, 'gi');

/**
 * The mail with a header block in UTF-8, whatever its bytes were, so that the MIME library reads it as Exchange does.
 */
export function decodeHeaders(mime: Buffer): Buffer {
  const block = headerBlock(mime);
  const readable = readableHeaders(block);
  return readable === block ? mime : Buffer.concat([readable, mime.subarray(block.length)]);
}

/** The same block if nothing has to be changed. */
export function readableHeaders(block: Buffer): Buffer {
  const readable = headerText(block).replace(UNREAD_WORD, (_, charset: string, encoding: string, word: string) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : fromQuoted(word);
    const decoded = decodeSevenBit(charset, bytes.toString('latin1'));
    return `=?utf-8?B?${Buffer.from(decoded).toString('base64')}?=`;
  });
  const bytes = Buffer.from(readable);
  return bytes.equals(block) ? block : bytes;
}

/**
 * 8-bit bytes in a line are UTF-8 if valid, else in the charset that the mail declares for its text, else in the one
 * that is most common in the West.
 */
export function headerText(block: Buffer): string {
  if (isUtf8(block)) return block.toString('utf8');
  const bytes = block.toString('latin1');
  const declared = /^content-type:(?:.*\r?\n[ \t])*.*?charset\s*=\s*"?([\w.:-]+)/im.exec(bytes)?.[1] ?? '';
  const decoder = decoderOf(declared);
  return bytes
    .split(/(?<=\n)/)
    .map((line) => Buffer.from(line, 'latin1'))
    .map((line) => (isUtf8(line) ? line.toString('utf8') : decoder.decode(line)))
    .join('');
}

/** A 7-bit charset cannot be the one of 8-bit bytes. */
function decoderOf(charset: string) {
  try {
    const decoder = new TextDecoder(charset);
    if (!/^(?:utf-8|utf-16|iso-2022)/.test(decoder.encoding)) return decoder;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return new TextDecoder('windows-1252');
}

function fromQuoted(word: string): Buffer {
  const text = word
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
