import type { ReceivedMail } from './received-mail.ts';
import { textOfHtml } from './text-of-html.ts';

const PREVIEW_CHARACTERS = 255;

/** Enough HTML to find 255 characters of text in, whatever styles come first. */
const PREVIEW_HTML_CHARACTERS = 60_000;

/** Characters. More than any mail that is read as text has. */
const LONGEST_TEXT = 2_000_000;

/** The body as HTML, as Exchange hands out plain text when HTML is asked for. Lines end in CRLF. */
export function htmlFromText(text: string): string {
  const lines = withCrLf(escapeHtml(text)).split('\r\n');
  return [
    '<html><head>',
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    '<!-- converted from text --></head>',
    '<body>',
    `<div class="PlainText">${lines.join('<br>\r\n')}</div>`,
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
}

/** The HTML of a mail with the frame that Exchange always gives it. */
export function framedHtml(html: string): string {
  const framed = /<html[\s>]/i.test(html)
    ? html
    : `<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>${html}</body></html>`;
  return withCrLf(framed);
}

export function withCrLf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

type Body = Pick<ReceivedMail, 'html' | 'text'>;

/** One mail may be delivered thousands of times, and converting HTML is half of what a delivery costs. */
const previews = new WeakMap<Body, string>();

/** The first 255 characters of a mail's text, without images and link targets. Empty where it has none. */
export function bodyPreview(mail: Body): string {
  const known = previews.get(mail);
  if (known !== undefined) return known;
  const preview = startOfText(mail);
  previews.set(mail, preview);
  return preview;
}

function startOfText({ html, text }: Body): string {
  const plain =
    html === null ? (text ?? '') : textOfHtml(html.slice(0, PREVIEW_HTML_CHARACTERS), PREVIEW_CHARACTERS * 20);
  const tidy = withCrLf(plain.slice(0, PREVIEW_CHARACTERS * 20)).trim();
  const cut = tidy.slice(0, PREVIEW_CHARACTERS);
  // Half of a surrogate pair would be no valid text.
  return cut.isWellFormed() ? cut : cut.slice(0, -1).toWellFormed();
}

/** The body as plain text, as Exchange makes it of HTML where that is all there is. Lines end in CRLF. */
export function textFromHtml(html: string): string {
  return withCrLf(textOfHtml(html, LONGEST_TEXT));
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
