import { describe, expect, it } from 'vitest';
import { runAgain } from '../../worker/run-again.ts';

describe('work that is meant to last', () => {
  it('is done again whenever it fails, later each time, until it ends or is asked to stop', async () => {
    const stop = new AbortController();
    const waits: number[] = [];
    const lost = () => Promise.reject(new Error('lost'));
    await runAgain(lost, {
      signal: stop.signal,
      onFailure: (_error, waitMs) => {
        waits.push(waitMs);
        if (waits.length === 2) stop.abort();
      },
    });
    expect(waits).toEqual([1_000, 2_000]);
    const ends = [lost, async () => {}];
    await runAgain(() => (ends.shift() ?? expect.fail('went on'))(), {
      signal: new AbortController().signal,
      onFailure: () => {},
    });
    expect(ends).toEqual([]);
  });

  it('is not done again once it was asked to stop', async () => {
    const stop = new AbortController();
    let begun = 0;
    await runAgain(
      async () => {
        begun++;
        stop.abort();
        throw new Error('lost');
      },
      { signal: stop.signal, onFailure: () => {} },
    );
    expect(begun).toBe(1);
  });
});
