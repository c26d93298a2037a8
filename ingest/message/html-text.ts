import { Tokenizer } from 'htmlparser2';
import { createTextLines, type TextLines } from './text-lines.ts';

export interface HtmlText {
  readonly text: string;
  /** False when the text exceeded the limit and was cut. */
  readonly isWhole: boolean;
}

/**
 * The text of HTML, in lines, as a mail program shows it without formatting. Never throws.
 *
 * Time and memory are linear in any input: the tokenizer passes over it once, and only the numbers of open quotes and
 * lists are remembered of open elements. Parsers that build a tree, or look for the element that an end tag closes,
 * need minutes for a megabyte of `<div></b>`. Prefixes of lines are bounded, because their product with the number of
 * lines is what makes 25 MB out of 250 kB.
 *
 * @param mostCharacters the text ends after about as many
 */
export function htmlText(html: string, mostCharacters: number): HtmlText {
  const lines = createTextLines(mostCharacters);
  let hidden = 0;
  let listStart: string | undefined;
  let tag = '';
  let attribute = '';

  const text = (written: string) => {
    if (hidden > 0) return;
    lines.write(written);
    if (lines.isFull()) tokenizer.pause();
  };
  const opened = () => {
    if (hiddenElements.has(tag)) hidden += 1;
    if (tag === 'ol') lines.openList(Number.parseInt(listStart ?? '1', 10) || 1);
    else open[tag]?.(lines);
  };
  const tokenizer = new Tokenizer(
    { recognizeSelfClosing: true },
    {
      ontext: (start, end) => text(html.slice(start, end)),
      ontextentity: (codePoint) => text(String.fromCodePoint(codePoint)),
      onopentagname: (start, end) => {
        tag = nameAt(html, start, end);
        listStart = undefined;
      },
      onattribname: (start, end) => {
        attribute = tag === 'ol' ? nameAt(html, start, end) : '';
      },
      onattribdata: (start, end) => {
        if (attribute === 'start') listStart ??= html.slice(start, Math.min(end, start + MOST_DIGITS));
      },
      onopentagend: opened,
      // `<title/>` of XHTML hides nothing.
      onselfclosingtag: () => {
        if (!hiddenElements.has(tag)) opened();
      },
      onclosetag: (start, end) => {
        const name = nameAt(html, start, end);
        if (hiddenElements.has(name)) hidden = Math.max(0, hidden - 1);
        close[name]?.(lines);
      },
      // Includes bogus comments such as `<![if mso]>`: the sender decides what they enclose.
      oncomment() {},
      oncdata: (start, end, offset) => text(html.slice(start, end - offset)),
      onattribentity() {},
      onattribend() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );
  tokenizer.write(html);
  if (!lines.isFull()) tokenizer.end();
  return lines.end();
}

/** No element that matters here has a longer name; that of a bomb may have megabytes. */
const LONGEST_NAME = 10;
const MOST_DIGITS = 6;

function nameAt(html: string, start: number, end: number): string {
  return end - start > LONGEST_NAME ? '' : html.slice(start, end).toLowerCase();
}

/** Elements that browsers do not show either. */
const hiddenElements = new Set(['script', 'style', 'title', 'template', 'noembed', 'noframes', 'iframe', 'datalist']);

type Act = (lines: TextLines) => void;
const line: Act = (lines) => lines.breakLine(1);
const paragraph: Act = (lines) => lines.breakLine(2);
const blocks =
  'address article aside body caption center dd details div dl dt fieldset figcaption figure footer form header hgroup legend main nav option section summary table tbody tfoot thead tr';
const paragraphs = 'p h1 h2 h3 h4 h5 h6';
const both = (names: string, act: Act) => names.split(' ').map((name) => [name, act] as const);

const open: Readonly<Record<string, Act>> = {
  __proto__: null as never,
  ...Object.fromEntries([...both(blocks, line), ...both(paragraphs, paragraph)]),
  br: (lines) => lines.addBreak(),
  hr: (lines) => {
    lines.breakLine(1);
    lines.write('-'.repeat(40));
    lines.breakLine(1);
  },
  td: (lines) => lines.blank(),
  th: (lines) => lines.blank(),
  ul: (lines) => lines.openList(undefined),
  dir: (lines) => lines.openList(undefined),
  menu: (lines) => lines.openList(undefined),
  li: (lines) => lines.openItem(),
  blockquote: (lines) => lines.quote(1),
  pre: (lines) => lines.preserve(1),
  listing: (lines) => lines.preserve(1),
  xmp: (lines) => lines.preserve(1),
  plaintext: (lines) => lines.preserve(1),
};

const close: Readonly<Record<string, Act>> = {
  __proto__: null as never,
  ...Object.fromEntries([...both(blocks, line), ...both(paragraphs, paragraph)]),
  br: (lines) => lines.addBreak(),
  td: (lines) => lines.blank(),
  th: (lines) => lines.blank(),
  ul: (lines) => lines.closeList(),
  ol: (lines) => lines.closeList(),
  dir: (lines) => lines.closeList(),
  menu: (lines) => lines.closeList(),
  li: line,
  blockquote: (lines) => lines.quote(-1),
  pre: (lines) => lines.preserve(-1),
  listing: (lines) => lines.preserve(-1),
  xmp: (lines) => lines.preserve(-1),
};
