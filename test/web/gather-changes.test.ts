import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatherChanges } from '../../web/shell/gather-changes.ts';

const client = new QueryClient();
let answers: (() => void)[] = [];
let stop = () => {};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  stop();
  client.clear();
  vi.useRealTimers();
});

/** A list of numbers, a page each; every request waits for its answer. */
function showList() {
  answers = [];
  const list = new InfiniteQueryObserver(client, {
    queryKey: ['queues', '1', 'items'],
    queryFn: ({ pageParam }) => new Promise<number>((resolve) => answers.push(() => resolve(pageParam))),
    initialPageParam: 1,
    getNextPageParam: (page) => page + 1,
  });
  stop = list.subscribe(() => {});
  return list;
}
/** Answers the oldest request. */
async function answer() {
  answers.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
}

it('reads a list again once the further page is there that a person asked for', async () => {
  const list = showList();
  const gather = gatherChanges(client);
  await answer();
  void list.fetchNextPage();
  gather([{ topic: 'items' }]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(answers).toHaveLength(1);
  await answer();
  expect(list.getCurrentResult().data?.pages).toEqual([1, 2]);

  await vi.advanceTimersByTimeAsync(1_000);
  expect(list.getCurrentResult().isRefetching).toBe(true);
  await answer();
  await answer();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(answers).toHaveLength(0);
  expect(list.getCurrentResult().isFetching).toBe(false);
});

it('reads at once what is not being read on, and a burst of changes once more after a second', async () => {
  const list = showList();
  const gather = gatherChanges(client);
  await answer();
  gather([{ topic: 'items' }]);
  expect(answers).toHaveLength(1);
  await answer();
  gather([{ topic: 'items' }]);
  gather([{ topic: 'items' }]);
  expect(answers).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(1);
  await answer();
  expect(list.getCurrentResult().isFetching).toBe(false);
});
