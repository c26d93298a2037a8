import { expect, it } from 'vitest';
import { formatSize } from '../../web/parts/format-size.ts';

it.each([
  [0, '0 kB', '0 kB'],
  [165, '1 kB', '1 kB'],
  [12_000, '12 kB', '12 kB'],
  [1_048_575, '1,024 kB', '1.024 kB'],
  [2_500_608, '2.4 MB', '2,4 MB'],
  [36_700_160, '35 MB', '35 MB'],
  [5_368_709_120, '5 GB', '5 GB'],
])('shows %i bytes as %s', (bytes, english, german) => {
  const shown = ['en-GB', 'de-DE'].map((locale) => formatSize(bytes, locale).replace(/\s/u, ' '));
  expect(shown).toEqual([english, german]);
});
