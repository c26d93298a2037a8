/** Longer or deeper markup takes browsers and sanitisers seconds, or their stack: measured with 20,000 nested tags. */
const MOST_CHARACTERS = 2_000_000;
const MOST_LEVELS = 256;

const voidElements = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/**
 * False for HTML that is too large or too deeply nested to be parsed safely. One pass over the text, before any parser:
 * it counts opening minus closing tags, which overestimates sloppy markup by little.
 */
export function isSimpleHtml(html: string): boolean {
  if (html.length > MOST_CHARACTERS) return false;
  let level = 0;
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (slash === '/') level = Math.max(0, level - 1);
    else if (!voidElements.has(name.toLowerCase()) && !implied.has(name.toLowerCase())) level += 1;
    if (level > MOST_LEVELS) return false;
  }
  return true;
}

/** Their end tags are often left out: another one of the kind ends them. */
const implied = new Set(['p', 'li', 'td', 'tr', 'th', 'option', 'dt', 'dd']);
