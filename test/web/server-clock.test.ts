import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServerClock } from '../../web/api/server-clock.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const HOUR_MS = 3_600_000;

describe('the server’s clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOON }));
  afterEach(() => void vi.useRealTimers());

  /** An answer that the server wrote at this time, received now, after so long. */
  function answered(clock: ReturnType<typeof createServerClock>, atMs: number, { tookMs = 100 } = {}): void {
    const second = Math.floor(atMs / 1_000) * 1_000;
    clock.note(new Date(second).toUTCString(), { sentAtMs: Date.now() - tookMs, receivedAtMs: Date.now() });
  }

  /** By no more than the precision of the date and the time that the answer took. */
  function expectEarly(byMs: number): void {
    expect(byMs).toBeGreaterThanOrEqual(0);
    expect(byMs).toBeLessThanOrEqual(1_100);
  }

  it('is the browser’s where that may be right', () => {
    const clock = createServerClock();
    for (const passedMs of [0, 150, 999]) {
      vi.setSystemTime(NOON + passedMs);
      answered(clock, NOON + passedMs - 50);
      answered(clock, NOON + passedMs - 9_000, { tookMs: 9_500 });
      expect(clock.now()).toBe(NOON + passedMs);
    }
  });

  it.each([HOUR_MS, -HOUR_MS, 12_000, -12_000])(
    'is known where the browser’s is %d ms wrong, and at most a second early',
    (wrongMs) => {
      const clock = createServerClock();
      vi.setSystemTime(NOON + wrongMs);
      answered(clock, NOON);
      expectEarly(clock.now() - NOON);
    },
  );

  it('is noticed where the browser’s is set, and does not waver after that', () => {
    const clock = createServerClock();
    answered(clock, NOON);
    vi.setSystemTime(NOON - HOUR_MS);
    answered(clock, NOON);
    const first = clock.now();
    expectEarly(first - NOON);
    vi.setSystemTime(NOON - HOUR_MS + 5_400);
    answered(clock, NOON + 5_400, { tookMs: 3_000 });
    expect(clock.now() - first).toBe(5_400);
  });

  it('stays as it is without a date, or with what is none', () => {
    const clock = createServerClock();
    for (const date of [null, '', 'yesterday']) clock.note(date, { sentAtMs: NOON, receivedAtMs: NOON });
    expect(clock.now()).toBe(NOON);
  });
});
