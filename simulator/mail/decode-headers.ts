import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { headerBlock } from './header-block.ts';

/** Encoded words that the MIME library leaves as they are, by the charsets in which they are written. */
const UNREAD_WORD = /=\?((?:x-|unicode-[12]-[01]-)?utf-?7|hz(?:-gb-?2312)?)(?:\*[\w-]*)?\?([QB])\?([^?\s]{0,998})\?=/gi;

/** The mail with a header block that the MIME library reads as Exchange does: in UTF-8, whatever bytes came. */
export function decodeHeaders(mime: Buffer): Buffer {
  const block = headerBlock(mime);
  const text = headerText(block);
  const readable = text.replace(UNREAD_WORD, (_, charset: string, encoding: string, word: string) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : fromQuoted(word);
    const decoded = /utf/i.test(charset) ? iconv.decode(bytes, 'utf-7') : fromHz(bytes.toString('latin1'));
    return `=?utf-8?B?${Buffer.from(decoded).toString('base64')}?=`;
  });
  const bytes = Buffer.from(readable);
  return bytes.equals(block) ? mime : Buffer.concat([bytes, mime.subarray(block.length)]);
}

/**
 * 8-bit bytes in a line are UTF-8 where they can be, else in the charset that the mail declares for its text, else what
 * most senders of the West mean.
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

/** 7-bit charsets cannot be what 8-bit bytes are in. */
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

/** RFC 1843: between `~{` and `~}` two 7-bit bytes are a character of GB 2312, `~~` is a tilde. */
function fromHz(text: string): string {
  return text.replace(/~\{((?:[!-}][!-~])*)(?:~\}|$)|~~|~\n/g, (whole, pairs: string | undefined) => {
    if (pairs === undefined) return whole === '~~' ? '~' : '';
    const bytes = Buffer.from(pairs, 'latin1').map((byte) => byte | 0x80);
    return new TextDecoder('gb18030').decode(bytes);
  });
}
