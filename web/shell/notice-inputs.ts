import { noteInput } from '../api/unattended.ts';

/** Over a mail, whose frame keeps the wheel to itself, only the scrolling of the page is seen. */
const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const;

/** Begins to notice when the person does something; once, when the pages start. */
export function noticeInputs(): void {
  for (const input of inputs) addEventListener(input, noteInput, { capture: true, passive: true });
}
