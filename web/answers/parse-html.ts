/** A start tag with its attributes; values in quotation marks may contain `>`. */
const startTag = /<[a-z][^\s/>]*(?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*\s*\/?>/gi;
const styleAttribute = /(\s)style(\s*=)/gi;

/**
 * HTML in an element of a document that loads and runs nothing. Styles become `data-style`: the page's policy forbids
 * inline styles also where nothing is shown, so the browser would drop them, and complain about each.
 */
export function parseHtml(html: string): HTMLElement {
  const inert = document.implementation.createHTMLDocument();
  inert.body.innerHTML = html.replace(startTag, (tag) => tag.replace(styleAttribute, '$1data-style$2'));
  return inert.body;
}

/** The same HTML as the editor takes it: without any style, and with empty lines as empty paragraphs. */
export function editableHtml(html: string): string {
  const body = parseHtml(html);
  for (const element of body.querySelectorAll('[data-style]')) element.removeAttribute('data-style');
  emptyLines(body);
  return body.innerHTML;
}

/** In mails, an empty line holds a line break, which the editor would show as a line of its own. */
export function emptyLines(body: HTMLElement): void {
  for (const lineBreak of body.querySelectorAll('p > br:only-child')) {
    if (lineBreak.parentElement?.childNodes.length === 1) lineBreak.remove();
  }
}
