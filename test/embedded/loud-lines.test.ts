import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loudLines } from '../../scripts/embedded/loud-lines.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function heard(...lines: string[]): string[] {
  const told: string[] = [];
  const listen = loudLines((line) => told.push(line));
  for (const line of lines) {
    listen(line);
    vi.advanceTimersByTime(11_000);
  }
  return told;
}

describe('loudLines', () => {
  it('passes on errors of PostgreSQL, Temporal and our own processes, and nothing else', () => {
    expect(
      heard(
        '2026-01-01 UTC [7] LOG:  checkpoint complete',
        '2026-01-01 UTC [7] FATAL:  out of memory',
        'time=2026 level=WARN msg="slow"',
        'time=2026 level=ERROR msg="broken"',
        '{"level":30,"msg":"worker.started"}',
        '{"level":50,"msg":"drain.failed"}',
        '{ not json',
        'TypeError: undefined is not a function',
        '    at main.ts:1:1',
      ),
    ).toEqual([
      '2026-01-01 UTC [7] FATAL:  out of memory',
      'time=2026 level=ERROR msg="broken"',
      'drain.failed',
      'TypeError: undefined is not a function',
    ]);
  });

  it('speaks at most once in ten seconds, and counts what it left out', () => {
    const told: string[] = [];
    const listen = loudLines((line) => told.push(line));
    for (let index = 0; index < 5; index++) listen(`Error: number ${index}`);
    vi.advanceTimersByTime(10_001);
    listen('Error: the last');
    expect(told).toEqual(['Error: number 0', 'Error: the last (and 4 before)']);
  });
});
