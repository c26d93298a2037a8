import type { DemoItem } from './results.ts';

/**
 * Items that show as many different reasons as possible, `count` at most: one of each queue first, with a reason that
 * was not shown yet where the queue has one; then more of such reasons, then whatever is left. The same for the same
 * items, in whatever order they came.
 */
export function variedReasons(items: readonly DemoItem[], count: number): readonly DemoItem[] {
  const sorted = items.toSorted(compareItems);
  const shown = new Set<DemoItem>();
  const told = new Set<string>();
  const show = (item: DemoItem | undefined) => {
    if (item === undefined || shown.size === count) return;
    shown.add(item);
    told.add(item.why);
  };
  for (const inQueue of Map.groupBy(sorted, ({ queue }) => queue.name).values()) {
    show(inQueue.find(({ why }) => !told.has(why)) ?? inQueue[0]);
  }
  for (const item of sorted) if (!told.has(item.why)) show(item);
  for (const item of sorted) show(item);
  return [...shown];
}

/** By code units, not by language: the same on every machine. The id decides only between the same mail sent twice. */
function compareItems(left: DemoItem, right: DemoItem): number {
  return (
    compare(left.queue.name, right.queue.name) ||
    compare(left.subject, right.subject) ||
    compare(left.account.address, right.account.address) ||
    compare(left.id, right.id)
  );
}

const compare = (left: string, right: string) => (left < right ? -1 : Number(left > right));
