import { randomUUID } from 'node:crypto';

/** A short description of a mail, for people and tests without a file. */
export interface QuickMail {
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** `Name <address>` or an address. */
  readonly from?: string | undefined;
  readonly to?: string | readonly string[] | undefined;
}

/** The raw mail of a `QuickMail`: UTF-8 in encoded words and base64, so that no transport can damage it. */
export function composeMail(mail: QuickMail, defaultTo: string, sentAt: Date): Buffer {
  const to = [mail.to ?? defaultTo].flat();
  const headers = [
    `From: ${address(mail.from ?? 'Simulated Sender <sender@example.com>')}`,
    `To: ${to.map(address).join(', ')}`,
    `Subject: ${encodedWords(mail.subject)}`,
    `Date: ${sentAt.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@simulator.example>`,
    'MIME-Version: 1.0',
  ];
  const text = mail.text ?? (mail.html === undefined ? mail.subject : undefined);
  const parts = [
    ...(text === undefined ? [] : [part('text/plain', text)]),
    ...(mail.html === undefined ? [] : [part('text/html', mail.html)]),
  ];
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return Buffer.from([...headers, only].join('\r\n'));
  const boundary = `=_${randomUUID()}`;
  const body = parts.map((each) => `--${boundary}\r\n${each}`).join('\r\n');
  const type = `Content-Type: multipart/alternative; boundary="${boundary}"`;
  return Buffer.from([...headers, type, '', body, `--${boundary}--`, ''].join('\r\n'));
}

function part(contentType: string, text: string): string {
  const base64 = Buffer.from(text).toString('base64');
  const lines = base64.match(/.{1,76}/g) ?? [];
  return [`Content-Type: ${contentType}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', ...lines, ''].join(
    '\r\n',
  );
}

function address(written: string): string {
  const match = /^\s*(.*?)\s*<([^<>]+)>\s*$/.exec(written);
  if (!match?.[1]) return oneLine(match?.[2] ?? written);
  return `${encodedWords(match[1].replace(/^"(.*)"$/, '$1'), true)} <${oneLine(match[2] ?? '')}>`;
}

/** An encoded word holds at most 75 characters, and never part of a character (RFC 2047, 2 and 5). */
const LONGEST_ENCODED_BYTES = 45;

function encodedWords(text: string, isPhrase = false): string {
  const line = oneLine(text);
  // Printable ASCII is left as it is, unless it could be mistaken for syntax.
  const isPlain = isPhrase ? /^[A-Za-z0-9 ]*$/.test(line) : /^[ -~]*$/.test(line) && !line.includes('=?');
  if (isPlain && line === line.trim() && line.length <= 900) return line;
  const words: string[] = [];
  let chunk = '';
  for (const character of line) {
    if (Buffer.byteLength(chunk + character) > LONGEST_ENCODED_BYTES) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...words, chunk].map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** Removes line breaks, which could inject headers. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
