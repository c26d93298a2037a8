import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { READER_SLOTS, shareOf, slotsOf } from '../../domain/reader-share.ts';

test('every account has one share, and all shares together have every slot', () => {
  for (const shares of [1, 2, 16, 256]) {
    const slots = Array.from({ length: shares }, (_, share) => slotsOf(share, shares));
    expect(slots.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: READER_SLOTS }, (_, slot) => slot));
    expect(shareOf(randomUUID(), shares)).toBeLessThan(shares);
  }
});

test('accounts are spread evenly', () => {
  const counts = new Array<number>(16).fill(0);
  for (let n = 0; n < 16_000; n++) {
    const share = shareOf(randomUUID(), 16);
    counts[share] = (counts[share] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});
