import { noteInput } from '../api/unattended.ts';

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Begins to notice when the person does something; once, when the pages start. */
export function noticeInputs(): void {
  for (const input of inputs) addEventListener(input, noteInput, { capture: true, passive: true });
}
