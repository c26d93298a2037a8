import { isUtf8 } from 'node:buffer';
import { decodeSevenBit, isSevenBitCharset } from './seven-bit-charsets.ts';

const TYPE = /^content-type:\s*[^\s;]*/im;
const CHARSET = /(^content-type:(?:.*\r?\n[ \t])*.*?charset\s*=\s*)("?)([\w.:-]+)\2/im;
const ENCODING = /^content-transfer-encoding:\s*([\w-]+)(?:.*\r?\n[ \t])*.*\r?\n/im;
const META = /<meta\b[^>]{0,500}?\bcharset\s*=\s*["']?([\w.:-]+)/i;
/** Characters in which a page may name its charset. */
const MOST_BEFORE_CHARSET = 10_000;

/**
 * Converts a text part to UTF-8, headers and body, that the MIME library would not decode: in UTF-7 or HZ, with 8-bit
 * bytes in spite of ASCII, or a page that names its charset itself. Undefined for every other. Each character is a byte.
 */
export function decodeTextPart(head: string, body: string): { head: string; body: string } | undefined {
  const declared = CHARSET.exec(head)?.[3] ?? '';
  const isSevenBit = isSevenBitCharset(declared);
  if (!isSevenBit && !/^(?:us-)?ascii$|^$/i.test(declared)) return undefined;
  const written = transferred(body, ENCODING.exec(head)?.[1] ?? '');
  const text = isSevenBit ? decodeSevenBit(declared, written) : decodeEightBit(head, declared, written);
  if (text === undefined) return undefined;
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  const utf8 = withUtf8(head.replace(ENCODING, ''));
  return { head: `Content-Transfer-Encoding: base64\r\n${utf8}`, body: `${lines.join('\r\n')}\r\n` };
}

function decodeEightBit(head: string, declared: string, written: string): string | undefined {
  const bytes = Buffer.from(written, 'latin1');
  if (bytes.every((byte) => byte < 0x80)) return undefined;
  const isPage = /^content-type:\s*text\/html/im.test(head);
  const named = isPage ? META.exec(written.slice(0, MOST_BEFORE_CHARSET))?.[1] : undefined;
  const decoder = named === undefined ? undefined : decoderOf(named);
  if (decoder) return decoder.decode(bytes);
  // The library guesses where there is no charset, but believes ASCII.
  if (declared === '') return undefined;
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function withUtf8(head: string): string {
  if (CHARSET.test(head)) return head.replace(CHARSET, '$1utf-8');
  return TYPE.test(head)
    ? head.replace(TYPE, '$&; charset=utf-8')
    : `Content-Type: text/plain; charset=utf-8\r\n${head}`;
}

function transferred(body: string, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('latin1');
    case 'quoted-printable':
      return body
        .replace(/[ \t]*=[ \t]*\r?\n/g, '')
        .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    default:
      return body;
  }
}
