import type { DraftKeeper } from './draft-keeper.ts';

const open = new Set<DraftKeeper>();

/** Adds a draft that is written on the page; returns how to take it away. */
export function noteOpenDraft(keeper: DraftKeeper): () => void {
  open.add(keeper);
  return () => void open.delete(keeper);
}

/** Saves what is written on the page and not saved yet, for requests whose answer depends on it. */
export async function flushOpenDrafts(): Promise<void> {
  await Promise.all([...open].map((keeper) => keeper.flush()));
}
