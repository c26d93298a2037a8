import { isUtf8 } from 'node:buffer';
import type { MailHeader } from './received-mail.ts';

/**
 * The header block of a raw mail as name and value, unfolded and otherwise untouched: encoded words stay encoded, as in
 * Graph's `internetMessageHeaders`. Lines that are no header are skipped.
 */
export function readHeaders(mime: Buffer): MailHeader[] {
  const lines = decodeHeaderBytes(headerBlock(mime)).split(/\r\n|\n|\r/);
  const headers: { name: string; value: string[] }[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      headers.at(-1)?.value.push(line.trim());
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (name !== '' && !/\s/.test(name)) headers.push({ name, value: [line.slice(colon + 1).trim()] });
  }
  return headers.map(({ name, value }) => ({ name, value: value.filter((part) => part !== '').join(' ') }));
}

/** Up to the first empty line, whichever way lines end. */
export function headerBlock(mime: Buffer): Buffer {
  const ends = ['\r\n\r\n', '\n\n', '\r\r', '\n\r\n'].map((ending) => mime.indexOf(ending)).filter((at) => at >= 0);
  return mime.subarray(0, ends.length > 0 ? Math.min(...ends) : mime.length);
}

/** 8-bit bytes in headers are UTF-8 where they can be, else what most senders of the West mean. */
export function decodeHeaderBytes(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}
