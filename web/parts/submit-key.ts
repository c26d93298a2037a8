import type { KeyboardEvent } from 'react';

/** Submits the form of a field of several lines by Ctrl+Enter, as Enter does elsewhere. */
export function submitKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
