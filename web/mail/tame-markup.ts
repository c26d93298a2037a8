import { Tokenizer } from 'htmlparser2';

/** Tags of a mail. Newsletters have some thousand; DOMPurify needs half a second for as many as these. */
const MOST_TAGS = 40_000;
/** Per tag; each is compared with all the others. */
const MOST_ATTRIBUTES = 200;
/** Simultaneously open elements. Browsers search all of them for many tags, and show 512 levels. */
const MOST_OPEN = 1_000;

/**
 * Drops markup of mail programs that is only work for browsers: comments, also Outlook's conditional ones, processing
 * instructions, names with a colon, event handlers and other bases of links. DOMPurify would remove all of it, but
 * browsers log a warning for each already while parsing. This is no security boundary: anything that a browser reads
 * differently from this tokenizer still goes through DOMPurify.
 *
 * Undefined for more tags than can be shown in time. One pass, linear in the length.
 */
export function tameMarkup(html: string): string | undefined {
  const parts: string[] = [];
  let isTooComplex = false;
  let tags = 0;
  let open = 0;
  const openByName = new Map<string, number>();
  /** Of the tag that is being read: its start, and up to where it has been written. */
  let tagName = '';
  let tagStart = 0;
  let written = 0;
  let attributes = 0;
  let isLeftOut = false;

  const giveUp = () => {
    isTooComplex = true;
    tokenizer.pause();
  };
  const copy = (start: number, end: number) => {
    if (end > start) parts.push(html.slice(start, end));
  };
  const endTag = (end: number) => {
    if (!isLeftOut) copy(Math.max(tagStart, written), end + 1);
  };
  const ignore = () => {};
  const tokenizer = new Tokenizer(
    { decodeEntities: false, recognizeSelfClosing: true },
    {
      ontext: copy,
      ontextentity: ignore,
      oncdata: (start, end, offset) => copy(start, end - offset),
      onopentagname(start, end) {
        tags += 1;
        tagStart = start - 1;
        written = 0;
        attributes = 0;
        const name = nameAt(html, start, end);
        tagName = name;
        isLeftOut = isMeaningless(name);
        if (isLeftOut) return;
        if (!unnested.has(name)) {
          open += 1;
          openByName.set(name, (openByName.get(name) ?? 0) + 1);
        }
        if (tags > MOST_TAGS || open > MOST_OPEN) giveUp();
      },
      onattribname(start, end) {
        attributes += 1;
        if (attributes > MOST_ATTRIBUTES) return giveUp();
        if (isLeftOut || !/^on/i.test(html.slice(start, start + 2))) return;
        copy(Math.max(tagStart, written), start);
        parts.push('data-');
        written = start;
        if (end - start > LONGEST_NAME) written = end;
      },
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      onopentagend: endTag,
      onselfclosingtag(end) {
        endTag(end);
        if (swallowing.has(tagName)) parts.push(`</${tagName}>`);
      },
      onclosetag(start, end) {
        tags += 1;
        if (tags > MOST_TAGS) return giveUp();
        const name = nameAt(html, start, end);
        if (isMeaningless(name)) return;
        if (!unnested.has(name)) {
          const openOfName = openByName.get(name) ?? 0;
          // It closes nothing, and browsers search all open elements to find that out.
          if (openOfName === 0) return;
          open -= 1;
          openByName.set(name, openOfName - 1);
        }
        parts.push(`</${name}>`);
      },
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  if (!isTooComplex) tokenizer.end();
  return isTooComplex ? undefined : parts.join('');
}

const LONGEST_NAME = 40;

function nameAt(html: string, start: number, end: number): string {
  return end - start > LONGEST_NAME ? '' : html.slice(start, end).toLowerCase();
}

/** Office's own elements, or ones without meaning in a framed document. */
function isMeaningless(name: string): boolean {
  return name === '' || name.includes(':') || name === 'base' || name === 'meta' || name === 'link';
}

/** `<title/>` of XHTML is whole, but browsers take everything that follows for its content. */
const swallowing = new Set([
  'title',
  'script',
  'style',
  'textarea',
  'iframe',
  'noscript',
  'noembed',
  'noframes',
  'xmp',
]);

/** Elements without an end tag: they do not nest. */
const unnested = new Set(
  'area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr track wbr'.split(
    ' ',
  ),
);
