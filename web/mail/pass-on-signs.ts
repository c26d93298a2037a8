/** Signs of a person who reads, and of keys, which end in the frame's own document. */
const signs = ['pointerdown', 'pointermove', 'wheel', 'scroll'] as const;

/**
 * Repeats in the page what happens in a mail's document: after a click into the mail, the page's keys still work, and the
 * person is known to be there. Nothing of the mail runs for it: the listeners are the page's.
 */
export function passOnSigns(inside: Window & typeof globalThis, frame: HTMLIFrameElement): void {
  inside.addEventListener('keydown', (event) => {
    const repeated = new KeyboardEvent('keydown', {
      key: event.key,
      code: event.code,
      ctrlKey: event.ctrlKey,
      altKey: event.altKey,
      metaKey: event.metaKey,
      shiftKey: event.shiftKey,
      repeat: event.repeat,
      isComposing: event.isComposing,
      bubbles: true,
      cancelable: true,
    });
    if (!frame.dispatchEvent(repeated)) event.preventDefault();
  });
  for (const sign of signs) {
    inside.addEventListener(sign, () => frame.dispatchEvent(new Event(sign, { bubbles: true })), {
      capture: true,
      passive: true,
    });
  }
}
