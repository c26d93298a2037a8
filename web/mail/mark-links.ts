import { findLinkFacts, type LinkFacts } from './link-facts.ts';
import { textPieces } from './text-links.ts';

/** A link of a mail, and where it leads. */
export interface MailLink extends LinkFacts {
  /** Its words, at most 100 characters. */
  readonly words: string;
  readonly href: string;
}

const MOST_WORDS_CHARACTERS = 100;
/** Newsletters have a hundred. */
const MOST_LINKS = 2_000;

const WARNING_STYLE =
  'display: inline; visibility: visible; opacity: 1; margin: 0 2px; padding: 0 4px; border-radius: 4px; background: #fdecea; color: #8c1d18; font: 600 12px/1.4 system-ui, sans-serif; text-decoration: none; white-space: normal; unicode-bidi: isolate';

/** Says on each link where it leads, and beside the doubtful ones for all to see. Returns the links. */
export async function markLinks(body: HTMLElement): Promise<readonly MailLink[]> {
  linkAddresses(body);
  const anchors = [...body.querySelectorAll<HTMLAnchorElement | HTMLAreaElement>('a[href], area[href]')].slice(
    0,
    MOST_LINKS,
  );
  const found = anchors.flatMap((anchor) => {
    const words = ('alt' in anchor ? anchor.alt : (anchor.textContent ?? '')).replace(/\s+/g, ' ').trim();
    const facts = findLinkFacts(anchor.getAttribute('href') ?? '', words);
    return facts ? [{ anchor, words, facts }] : [];
  });
  const isDoubted = found.some(({ facts }) => facts.doubts.includes('other-host'));
  const haveSameOwner = isDoubted ? (await import('./same-owner.ts')).haveSameOwner : undefined;
  return found.map(({ anchor, words, facts: first }) => {
    const facts = first.doubts.includes('other-host')
      ? (findLinkFacts(anchor.getAttribute('href') ?? '', words, haveSameOwner) ?? first)
      : first;
    anchor.title = facts.target;
    if (facts.doubts.length > 0) anchor.after(warning(anchor.ownerDocument, facts.host));
    return { ...facts, words: words.slice(0, MOST_WORDS_CHARACTERS), href: anchor.href };
  });
}

/** Makes addresses in the text links, as mail programs do. */
function linkAddresses(body: HTMLElement): void {
  const { ownerDocument: document } = body;
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let text = texts.nextNode(); text !== null && found.length < MOST_LINKS; text = texts.nextNode()) {
    if (/:\/\/|www\.|@|tel:/i.test(text.nodeValue ?? '') && !text.parentElement?.closest('a, style'))
      found.push(text as Text);
  }
  for (const text of found) {
    const pieces = textPieces(text.nodeValue ?? '');
    if (pieces.every(({ href }) => href === undefined)) continue;
    text.replaceWith(
      ...pieces.map(({ text: words, href }) => {
        if (href === undefined) return words;
        const anchor = document.createElement('a');
        anchor.href = href;
        anchor.target = '_blank';
        anchor.rel = 'noopener noreferrer nofollow';
        anchor.textContent = words;
        return anchor;
      }),
    );
  }
}

function warning(document: Document, host: string): HTMLElement {
  const element = document.createElement('span');
  for (const line of WARNING_STYLE.split(';')) {
    const [property = '', value = ''] = line.split(': ');
    element.style.setProperty(property.trim(), value, 'important');
  }
  element.textContent = `⚠ ${host}`;
  return element;
}
