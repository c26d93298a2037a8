import { decodeSevenBit, isSevenBitCharset } from './seven-bit-charsets.ts';

const CHARSET = /(^content-type:(?:.*\r?\n[ \t])*.*?charset\s*=\s*)("?)([\w.:-]+)\2/im;
const ENCODING = /^content-transfer-encoding:\s*([\w-]+)(?:.*\r?\n[ \t])*.*\r?\n/im;

/**
 * Converts a text part in UTF-7 or HZ to UTF-8, headers and body; undefined for every other. Each character is a byte.
 */
export function decodeTextPart(head: string, body: string): { head: string; body: string } | undefined {
  const charset = CHARSET.exec(head)?.[3] ?? '';
  if (!isSevenBitCharset(charset)) return undefined;
  const text = decodeSevenBit(charset, transferred(body, ENCODING.exec(head)?.[1] ?? ''));
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  const utf8 = head.replace(CHARSET, '$1utf-8').replace(ENCODING, '');
  return { head: `Content-Transfer-Encoding: base64\r\n${utf8}`, body: `${lines.join('\r\n')}\r\n` };
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
