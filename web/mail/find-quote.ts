import {
  beginsWithHeaders,
  FIRST_HEADER,
  isAttribution,
  ORIGINAL_MESSAGE,
  QUOTE_ELEMENTS,
  SEPARATORS,
} from './quote-marks.ts';

/** Neighbouring nodes of one parent that quote earlier mails. */
export interface Quote {
  readonly first: ChildNode;
  readonly last: ChildNode;
}

/** Elements whose children are no paragraphs. */
const structure = new Set(['TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'UL', 'OL', 'DL']);
const blocks = 'p, div, td, blockquote, section, article, li, center, body';

/** A longer text node is a paragraph, and no header. */
const MOST_HEADER_CHARACTERS = 200;
/** Pieces of text: names and values of some headers. */
const MOST_HEADER_TEXTS = 20;

/**
 * The quoted history of a mail: what follows the headers of Outlook or a separator, or the element in which another mail
 * program quotes. Undefined where there is none, and where the author answers between the quoted lines. Looks at names
 * that the sanitiser removes, so it comes before it.
 */
export function findQuote(body: HTMLElement): Quote | undefined {
  const separator = firstOf([...body.querySelectorAll(SEPARATORS)].at(0), findHeaders(body));
  const elements = [...body.querySelectorAll(QUOTE_ELEMENTS)].filter(
    (element) => element.parentElement?.closest(QUOTE_ELEMENTS) == null,
  );
  const isSeparated = separator !== undefined && !(elements[0] && precedes(elements[0], separator));
  return isSeparated ? afterSeparator(separator, body) : ofElements(elements, body);
}

/** Everything from the separator on, unless nothing stands before it. */
function afterSeparator(separator: Element, body: HTMLElement): Quote | undefined {
  const first = outermost(separator, body);
  if (!first || !hasTextBefore(first, body)) return undefined;
  return { first: withBlanksBefore(first), last: first.parentNode?.lastChild ?? first };
}

function ofElements(elements: readonly Element[], body: HTMLElement): Quote | undefined {
  const element = elements.at(-1);
  if (!element) return undefined;
  const first = attributionBefore(outermost(element, body) ?? element);
  const outer = outermost(element, body) ?? element;
  if (!hasTextAfter(outer, body)) {
    return hasTextBefore(first, body) ? { first, last: first.parentNode?.lastChild ?? outer } : undefined;
  }
  // An answer below the quote.
  return elements.length === 1 && !hasTextBefore(first, body) ? { first, last: outer } : undefined;
}

/** The block with the first headers of a quoted mail, or with the line *Original Message*. */
function findHeaders(body: HTMLElement): Element | undefined {
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const words = text.nodeValue ?? '';
    if (words.length > MOST_HEADER_CHARACTERS) continue;
    const block = text.parentElement?.closest(blocks);
    if (!block || block === body) continue;
    if (ORIGINAL_MESSAGE.test(words) || (FIRST_HEADER.test(words) && headersFollow(block))) return block;
  }
  return undefined;
}

/** Some programs write all headers into one paragraph, others a paragraph for each. */
function headersFollow(block: Element): boolean {
  const lines: string[] = [];
  for (let at: Element | null = block; at !== null && lines.length < MOST_HEADER_TEXTS; at = at.nextElementSibling) {
    const texts = block.ownerDocument.createTreeWalker(at, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null && lines.length < MOST_HEADER_TEXTS; text = texts.nextNode()) {
      lines.push((text.nodeValue ?? '').trim());
    }
  }
  return beginsWithHeaders(lines.join('\n'));
}

/** The highest element that begins with this one. Undefined: it begins in the middle of a table or a list. */
function outermost(element: Element, body: HTMLElement): Element | undefined {
  let found: Element | undefined = structure.has(element.parentElement?.tagName ?? '') ? undefined : element;
  let at = element;
  while (at.parentElement && at.parentElement !== body && !hasTextIn(siblings(at, 'previousSibling'))) {
    at = at.parentElement;
    if (!structure.has(at.parentElement?.tagName ?? '')) found = at;
  }
  return found;
}

function attributionBefore(element: Element): ChildNode {
  for (const sibling of siblings(element, 'previousSibling')) {
    const text = sibling.textContent ?? '';
    if (text.trim() === '') continue;
    return isAttribution(text) ? sibling : element;
  }
  return element;
}

/** Lines and empty paragraphs that separated the quote would stand at the end of the mail. */
function withBlanksBefore(first: ChildNode): ChildNode {
  let begin = first;
  for (const sibling of siblings(first, 'previousSibling')) {
    if (!isBlank(sibling)) break;
    begin = sibling;
  }
  return begin;
}

function hasTextBefore(node: ChildNode, body: HTMLElement): boolean {
  return hasTextBeside(node, body, 'previousSibling');
}

function hasTextAfter(node: ChildNode, body: HTMLElement): boolean {
  return hasTextBeside(node, body, 'nextSibling');
}

type Side = 'previousSibling' | 'nextSibling';

function hasTextBeside(node: ChildNode, body: HTMLElement, side: Side): boolean {
  for (let at: ChildNode | null = node; at !== null && at !== body; at = at.parentElement) {
    if (hasTextIn(siblings(at, side))) return true;
  }
  return false;
}

function hasTextIn(nodes: Iterable<ChildNode>): boolean {
  for (const node of nodes) if (!isBlank(node)) return true;
  return false;
}

function isBlank(node: ChildNode): boolean {
  if (node.nodeName === 'STYLE' || node.nodeType === 8) return true;
  const hasImage = node.nodeType === 1 && (node.nodeName === 'IMG' || (node as Element).querySelector('img') !== null);
  return !hasImage && (node.textContent ?? '').trim() === '';
}

function* siblings(node: ChildNode, side: Side): Generator<ChildNode> {
  for (let at = node[side]; at !== null; at = at[side]) yield at;
}

function firstOf(one: Element | undefined, other: Element | undefined): Element | undefined {
  if (!one || !other) return one ?? other;
  return precedes(one, other) ? one : other;
}

function precedes(one: Node, other: Node): boolean {
  return (one.compareDocumentPosition(other) & 4) !== 0;
}
