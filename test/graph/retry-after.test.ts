import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from '../../graph/client/retry-after.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['1', 1_000],
    ['2.128', 2_128],
    ['0.0001', 1],
    [' 120 ', 120_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['Sun Mar  1 12:00:30 2026', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['99999999999999999999', 3_600_000],
    ['Sun, 01 Mar 2099 11:00:00 GMT', 3_600_000],
  ])('reads %j', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  test.each([[null], [undefined], [''], ['soon'], ['-5'], ['1e9'], ['Infinity'], ['12 seconds'], ['2026-03-01']])(
    'takes %j for no answer',
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );
});
