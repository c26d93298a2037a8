import { cleanPaste } from './clean-paste.ts';
import { linesOfTables } from './lines-of-tables.ts';
import { emptyLines, parseHtml } from './parse-html.ts';

/** Formatting that other programs write as a style, and the element that means the same. */
const meanings = [
  ['b', /font-weight:\s*(?:bold|[6-9]00)/i],
  ['i', /font-style:\s*italic/i],
  ['u', /text-decoration(?:-line)?:[^;]*underline/i],
  ['s', /text-decoration(?:-line)?:[^;]*line-through/i],
] as const;
const notBold = /font-weight:\s*(?:normal|[1-5]00)/i;

/**
 * HTML from the clipboard as the editor reads it: styles that mean something (bold words of Google Docs) as elements,
 * all others gone.
 */
export function pastedHtml(html: string): string {
  const body = parseHtml(cleanPaste(html));
  for (const element of body.querySelectorAll('[data-style]')) {
    const style = element.getAttribute('data-style') ?? '';
    element.removeAttribute('data-style');
    if (/^(?:b|strong)$/i.test(element.tagName) && notBold.test(style)) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    // Links are underlined anyway, and headings bold.
    if (/^(?:a|h\d|table|tr|td|body)$/i.test(element.tagName)) continue;
    for (const [tag, meaning] of meanings) if (meaning.test(style)) wrapContent(element, tag);
  }
  linesOfTables(body);
  emptyLines(body);
  return body.innerHTML;
}

function wrapContent(element: Element, tag: string): void {
  const wrapper = element.ownerDocument.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}
