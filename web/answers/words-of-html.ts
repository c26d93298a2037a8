/** Ends of lines. */
const lineEnd = /<(?:br|hr|\/p|\/div|\/li|\/tr|\/blockquote)\b[^>]*>/gi;

/** The words of sanitised HTML with their lines. Parsed without loading or running anything. */
export function linesOfHtml(html: string): string {
  const withLines = html.replace(lineEnd, (tag) => `\n${tag}`);
  const text = new DOMParser().parseFromString(withLines, 'text/html').body.textContent ?? '';
  return text
    .replaceAll('\u00A0', ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The words of sanitised HTML in one line. */
export function wordsOfHtml(html: string): string {
  return linesOfHtml(html).replace(/\s+/g, ' ');
}
