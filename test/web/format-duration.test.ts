import { expect, it } from 'vitest';
import { formatDuration } from '../../web/parts/format-duration.ts';

it.each([
  [0, '0 sec'],
  [59.6, '1 min'],
  [61, '1 min 1 sec'],
  [3_600, '1 hr'],
  [7_500, '2 hr 5 min'],
  [90_000, '1 day 1 hr'],
  [172_830, '2 days'],
])('shows %d seconds by their two largest units, on one line', (seconds, shown) => {
  expect(formatDuration(seconds, 'en')).toBe(shown.replaceAll(' ', '\u00a0'));
});
