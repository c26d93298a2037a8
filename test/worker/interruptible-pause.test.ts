import { expect, test } from 'vitest';
import { createInterruptiblePause } from '../../worker/interruptible-pause.ts';

const LONG_MS = 60_000;
const LEAST_MS = 30;

async function msOf(work: Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work;
  // Timers may fire a fraction of a millisecond early.
  return Math.ceil(performance.now() - startedAt) + 1;
}

test('a pause lasts as long as it is meant to, and an interruption cuts it to its least length', async () => {
  const pause = createInterruptiblePause();
  expect(await msOf(pause.wait(2 * LEAST_MS, LEAST_MS))).toBeGreaterThanOrEqual(2 * LEAST_MS);
  const waiting = msOf(pause.wait(LONG_MS, LEAST_MS));
  pause.interrupt();
  expect(await waiting).toBeGreaterThanOrEqual(LEAST_MS);
  expect(await waiting).toBeLessThan(LONG_MS);
});

test('an interruption counts that came before the pause, and only for the next one', async () => {
  const pause = createInterruptiblePause();
  pause.interrupt();
  expect(await msOf(pause.wait(LONG_MS, LEAST_MS))).toBeLessThan(LONG_MS);
  expect(await msOf(pause.wait(2 * LEAST_MS, 0))).toBeGreaterThanOrEqual(2 * LEAST_MS);
});

test('an interruption after the least length ends a pause at once', async () => {
  const pause = createInterruptiblePause();
  setTimeout(() => pause.interrupt(), 2 * LEAST_MS);
  expect(await msOf(pause.wait(LONG_MS, LEAST_MS))).toBeLessThan(LONG_MS);
});

test('the end ends the pause, within its least length as well, and all later ones', async () => {
  const pause = createInterruptiblePause();
  const waiting = msOf(pause.wait(LONG_MS, LONG_MS));
  pause.end();
  expect(await waiting).toBeLessThan(LONG_MS);
  expect(await msOf(pause.wait(LONG_MS, LONG_MS))).toBeLessThan(LONG_MS);
});
