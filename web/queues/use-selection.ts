import { useState } from 'react';

/** The rows that are ticked, by their items' ids: of those that are shown, so that nothing is done to what is not seen. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** The row that has the focus. */
  toggleFocused(): void;
  set(ids: readonly string[]): void;
  clear(): void;
}

/** The API takes no more in one request. */
const MOST_SELECTED = 100;

/** `shown`: the ids of the rows; undefined while they are not known. */
export function useSelection(shown: readonly string[] | undefined): Selection {
  const [ticked, setIds] = useState<ReadonlySet<string>>(new Set());
  const ids = new Set(shown?.filter((id) => ticked.has(id)));
  const toggle = (id: string) => {
    const next = new Set(ids);
    if (!next.delete(id) && next.size < MOST_SELECTED) next.add(id);
    setIds(next);
  };
  return {
    ids,
    toggle,
    toggleFocused() {
      const id = document.activeElement?.closest<HTMLElement>('[data-item]')?.dataset.item;
      if (id !== undefined) toggle(id);
    },
    set: (all) => setIds(new Set(all.slice(0, MOST_SELECTED))),
    clear: () => setIds(new Set()),
  };
}
