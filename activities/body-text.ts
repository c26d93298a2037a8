import { compile } from 'html-to-text';

/**
 * The text of an HTML body, for reading, searching and as the fallback where the HTML cannot be shown. Never throws,
 * and linear in the length: HTML that nests deeper or is larger than a converter stands is only freed of its tags.
 */
export function bodyText(html: string): string {
  if (html.length <= MAX_CONVERTED_LENGTH && depthOf(html) <= MAX_DEPTH) {
    try {
      return convert(html);
    } catch {
      // What the converter cannot read still has its words.
    }
  }
  return withoutTags(html);
}

/** Characters. Two million of ordinary mail take a second; larger ones are machine made. */
const MAX_CONVERTED_LENGTH = 2_000_000;
/** Parsers of HTML are quadratic in the depth, and recursion overflows near 5,000; no mail client nests so far. */
const MAX_DEPTH = 256;

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_CONVERTED_LENGTH, maxDepth: MAX_DEPTH },
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { ignoreHref: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});

/** Elements that need no end tag: they do not nest. */
const unnested = new Set(
  'area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr'.split(
    ' ',
  ),
);

function depthOf(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9:-]*)/g)) {
    if (unnested.has((name as string).toLowerCase())) continue;
    if (slash) depth = Math.max(0, depth - 1);
    else deepest = Math.max(deepest, ++depth);
  }
  return deepest;
}

function withoutTags(html: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open < 0 ? -1 : html.indexOf('>', open);
    if (close < 0) break;
    parts.push(html.slice(at, open), ' ');
    at = close + 1;
  }
  parts.push(html.slice(at));
  return parts.join('').replace(/\s+/g, ' ').trim();
}
