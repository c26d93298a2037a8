import { parseHtml } from './parse-html.ts';

/** Ends of lines. */
const lineEnd = /<(?:br|hr|\/p|\/div|\/li|\/tr|\/blockquote)\b[^>]*>/gi;

/** The words of sanitised HTML with their lines. */
export function linesOfHtml(html: string): string {
  const withLines = html.replace(lineEnd, (tag) => `\n${tag}`);
  const text = parseHtml(withLines).textContent ?? '';
  return text
    .replaceAll('\u00A0', ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The words of sanitised HTML in one line. */
export function wordsOfHtml(html: string): string {
  return linesOfHtml(html).replace(/\s+/g, ' ');
}
