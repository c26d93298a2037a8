import { expect, it } from 'vitest';
import { newestPages } from '../../web/parts/newest-pages.ts';

it('ends a list with a full page, and goes on behind the last row that is shown', () => {
  const { limit, nextPageParam, rowsOf } = newestPages(2);
  const rows = [5, 4, 3].map((id) => ({ id }));
  expect(limit).toBe(3);
  expect(nextPageParam(rows)).toBe(4);
  expect(nextPageParam(rows.slice(1))).toBeUndefined();
  expect(rowsOf([rows, rows.slice(2)])).toEqual(rows);
  expect(rowsOf(undefined)).toBeUndefined();
});
