import { headerText } from './decode-headers.ts';
import { headerBlock } from './header-block.ts';
import type { MailHeader } from './received-mail.ts';

/**
 * The header block of a raw mail as name and value, unfolded and otherwise unchanged: encoded words stay encoded, as in
 * Graph's `internetMessageHeaders`. Lines that are not headers are skipped.
 */
export function readHeaders(mime: Buffer): MailHeader[] {
  const text = headerText(headerBlock(mime));
  // A lone carriage return ends a line only if the mail has no other line ends; otherwise it is a blank in a name.
  const lines = text.split(text.includes('\n') ? /\r*\n/ : '\r').map((line) => line.replaceAll('\r', ' '));
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
