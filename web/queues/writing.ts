const written = new EventTarget();

/** For colleagues who look at the item: the user writes, by whatever means the text changed. */
export function noteWriting(itemId: string): void {
  written.dispatchEvent(new Event(itemId));
}

/** Calls the listener with each change of what is written about the item; returns how to stop. */
export function listenForWriting(itemId: string, listener: () => void): () => void {
  written.addEventListener(itemId, listener);
  return () => written.removeEventListener(itemId, listener);
}
