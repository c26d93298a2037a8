import type { MailPicture } from './sanitise-mail.ts';

/** Of the channels of a colour, from 0 to 255, how bright the eye finds them (ITU-R BT.601). */
const WEIGHTS = [0.299, 0.587, 0.114];
/** Text that is brighter than this cannot be read on white. */
const BRIGHT = 160;
/** White and black text are equally readable on it (4.6 to 1). */
const BACKDROP = '#757575';
/** Pictures behind elements. Newsletters have a handful. */
const MOST_LOOKED_AT = 50;

/**
 * Puts a grey behind bright text that was written for a picture: until the picture is loaded, and if it never is, the
 * text would be white on white. Where the author set a colour behind it, that one is shown.
 */
export function keepReadable(pictures: readonly MailPicture[], frame: Window): void {
  const backgrounds = pictures.filter(({ as }) => as === 'background').slice(0, MOST_LOOKED_AT);
  for (const { element } of backgrounds) {
    const text = firstText(element);
    if (!text || !isBright(frame.getComputedStyle(text).color)) continue;
    if (isUncoloured(text, element, frame)) element.style.backgroundColor = BACKDROP;
  }
}

function firstText(element: HTMLElement): Element | null {
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    if ((text.nodeValue ?? '').trim() !== '') return text.parentElement;
  }
  return null;
}

/** Whether no colour stands behind the text, up to the outer element. */
function isUncoloured(text: Element, outer: Element, frame: Window): boolean {
  for (let at: Element | null = text; at !== null; at = at === outer ? null : at.parentElement) {
    if (!isTransparent(frame.getComputedStyle(at).backgroundColor)) return false;
  }
  return true;
}

function isTransparent(color: string): boolean {
  return /^rgba\(.*, 0\)$/.test(color);
}

function isBright(color: string): boolean {
  const channels = color.match(/[\d.]+/g) ?? [];
  return WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(channels[index] ?? 0), 0) > BRIGHT;
}
