import type { Worker } from 'node:worker_threads';
import { afterAll } from 'vitest';
import { eventually } from './eventually.ts';

/** Handles by which servers, connections and child processes keep a process alive. */
const leaks = ['TCPServerWrap', 'TCPSocketWrap', 'ProcessWrap'];

const atStart = countHandles();
const threads = new Set<Worker>();
process.on('worker', trackThread);

// Hooks run in reverse order, so this one, registered first, sees what the file's own hooks left behind.
afterAll(async () => {
  try {
    await eventually(() => {
      const left = leaks.filter((kind) => (countHandles().get(kind) ?? 0) > (atStart.get(kind) ?? 0));
      if (threads.size > 0) left.push('worker threads');
      if (left.length > 0)
        throw new Error(`This file left open: ${left.join(', ')}. Close every server, pool and worker.`);
    });
  } finally {
    process.off('worker', trackThread);
  }
});

function trackThread(thread: Worker): void {
  threads.add(thread);
  thread.once('exit', () => threads.delete(thread));
}

function countHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
