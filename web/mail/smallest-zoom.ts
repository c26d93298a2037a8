/** Pixels. Smaller letters are guessed rather than read; the captions of browsers have as many. */
const LEGIBLE = 10;
const HALF = 0.5;
/** Pieces of text. Newsletters have some hundred. */
const MOST_LOOKED_AT = 500;

/** How much smaller a mail can be shown so that most of its letters remain legible: at most half, at least as it is. */
export function smallestZoom(body: HTMLElement): number {
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const lengths = new Map<number, number>();
  for (let text = texts.nextNode(), seen = 0; text !== null && seen < MOST_LOOKED_AT; text = texts.nextNode()) {
    const length = (text.nodeValue ?? '').trim().length;
    const size = length > 0 && text.parentElement && fontSizeOf(text.parentElement);
    if (!size) continue;
    seen += 1;
    lengths.set(size, (lengths.get(size) ?? 0) + length);
  }
  const [usual] = [...lengths].reduce((most, each) => (each[1] > most[1] ? each : most), [LEGIBLE / HALF, 0]);
  return Math.min(1, Math.max(HALF, LEGIBLE / usual));
}

/** In pixels, before any zoom; 0: it is not shown. */
function fontSizeOf(element: Element): number {
  const style = element.ownerDocument.defaultView?.getComputedStyle(element);
  return style && element.getClientRects().length > 0 ? Number.parseFloat(style.fontSize) : 0;
}
