import type { ReceivedMail } from './received-mail.ts';
import { textOfHtml } from './text-of-html.ts';

const PREVIEW_CHARACTERS = 255;

/** Enough HTML to contain 255 characters of text after any styles. */
const PREVIEW_HTML_CHARACTERS = 60_000;

/** In characters: longer than any mail that is read as text. */
const LONGEST_TEXT = 2_000_000;

/**
 * Converts plain text to HTML, as Exchange does when HTML is requested. Lines end in CRLF; of several blanks all but the
 * last are `&nbsp;`, so that columns stay below each other.
 */
export function htmlFromText(text: string): string {
  const lines = withCrLf(escapeHtml(text))
    .split('\r\n')
    .map((line) => line.replace(/^ | (?= )/g, '&nbsp;'));
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

/** The HTML of a mail, wrapped in the frame that Exchange always adds. */
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

/** One mail may be delivered thousands of times, and converting HTML is half the cost of a delivery. */
const previews = new WeakMap<Body, string>();

/** The first 255 characters of a mail's text, without images and link targets. Empty without a body. */
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
  // Half a surrogate pair is not valid text.
  return cut.isWellFormed() ? cut : cut.slice(0, -1).toWellFormed();
}

/** The body as plain text; converted from HTML, as Exchange does, if there is no other. Lines end in CRLF. */
export function textFromHtml(html: string): string {
  return withCrLf(textOfHtml(html, LONGEST_TEXT));
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
