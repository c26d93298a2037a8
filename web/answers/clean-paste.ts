/**
 * HTML from the clipboard before the editor reads it. The editor takes only what it knows, so formatting is no danger;
 * this removes what would become visible although Word, Outlook or a browser do not show it (style sheets, conditional
 * comments), and turns Word's paragraphs with list marks into lists.
 */
export function cleanPaste(html: string): string {
  const copied = /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/i.exec(html)?.[1] ?? html;
  const shown = copied
    .replace(/<!--\[if[^\]]*\]>[\s\S]*?<!\[endif\]-->/gi, '')
    .replace(/<!(?:--)?\[if !supportLists\](?:--)?>/gi, MARK_BEGINS)
    .replace(/<!(?:--)?\[endif\](?:--)?>/gi, MARK_ENDS)
    .replace(/<!(?:--)?\[if[^\]]*\](?:--)?>/gi, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(style|script|title|xml)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<\/?(?:o|w|v|st1|m):[^>]*>/gi, '');
  return withLists(shown).replaceAll(MARK_BEGINS, '').replaceAll(MARK_ENDS, '');
}

/** Around the mark of a list item, which Word writes as text. From Unicode's private area. */
const MARK_BEGINS = '\uE000';
const MARK_ENDS = '\uE001';

const listParagraph = /<p\b([^>]*\bmso-list:[^>]*)>([\s\S]*?)<\/p>/gi;
const listParagraphs = /(?:<p\b[^>]*\bmso-list:[^>]*>[\s\S]*?<\/p>\s*)+/gi;
const mark = /\uE000([\s\S]*?)\uE001/;

interface ListItem {
  readonly level: number;
  readonly isNumbered: boolean;
  readonly html: string;
}

/** Runs of Word's list paragraphs as lists, nested by their levels. */
function withLists(html: string): string {
  return html.replace(listParagraphs, (paragraphs) => {
    const items = [...paragraphs.matchAll(listParagraph)].map(([, attributes = '', inner = '']): ListItem => {
      const text = (mark.exec(inner)?.[1] ?? '').replace(/<[^>]*>|&nbsp;|\s/g, '');
      return {
        level: Number(/\blevel(\d)/.exec(attributes)?.[1] ?? 1),
        isNumbered: /^[(]?[\da-z]{1,4}[.)]/i.test(text),
        html: inner.replace(mark, ''),
      };
    });
    return listsOf(items);
  });
}

function listsOf(items: readonly ListItem[]): string {
  const open: string[] = [];
  let html = '';
  for (const { level, isNumbered, html: inner } of items) {
    const tag = isNumbered ? 'ol' : 'ul';
    while (open.length > Math.max(level, 1)) html += `</li></${open.pop()}>`;
    if (open.length === level) html += '</li>';
    while (open.length < level) {
      open.push(tag);
      html += open.length < level ? `<${tag}><li>` : `<${tag}>`;
    }
    html += `<li>${inner}`;
  }
  while (open.length > 0) html += `</li></${open.pop()}>`;
  return html;
}
