import type { DemoItem } from './results.ts';

/**
 * Items that show as many different reasons as possible, `count` at most: one of each queue first, then another of each
 * queue with a reason not shown yet, and so on. The same for the same items, in whatever order they came.
 */
export function variedReasons(items: readonly DemoItem[], count: number): readonly DemoItem[] {
  const queues = Map.groupBy(items.toSorted(compareItems), ({ queue }) => queue.name);
  const reasonsOfQueues = [...queues.values()].map(firstOfEachReason);
  const rounds = Math.max(0, ...reasonsOfQueues.map(({ length }) => length));
  const varied = Array.from({ length: rounds }, (_, round) =>
    reasonsOfQueues.flatMap((reasons) => reasons[round] ?? []),
  );
  return [...new Set([...varied.flat(), ...items.toSorted(compareItems)])].slice(0, count);
}

function firstOfEachReason(items: readonly DemoItem[]): readonly DemoItem[] {
  return [...Map.groupBy(items, ({ why }) => why).values()].flatMap(([first]) => first ?? []);
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
