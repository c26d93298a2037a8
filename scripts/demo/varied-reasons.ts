import type { DemoItem } from './results.ts';

/**
 * Up to `count` items with as many different reasons as possible: first one item of each queue, with a new reason if
 * the queue has one; then items with further new reasons, then the rest. The result does not depend on the order of the
 * items.
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

/**
 * Compares code units, independent of the machine's language. The id only breaks ties between copies of the same mail.
 */
function compareItems(left: DemoItem, right: DemoItem): number {
  return (
    compare(left.queue.name, right.queue.name) ||
    compare(left.subject, right.subject) ||
    compare(left.account.address, right.account.address) ||
    compare(left.id, right.id)
  );
}

const compare = (left: string, right: string) => (left < right ? -1 : Number(left > right));
