import { describe, expect, it } from 'vitest';
import { isEmptySearch, readSearch, searchQuery } from '../../web/search/search-filters.ts';

describe('the address of a search', () => {
  const queue = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';

  it('is read as it was written', () => {
    const search = readSearch(new URLSearchParams({ q: 'refund', queue, state: 'parked', order: 'newest' }));
    expect(searchQuery(search, undefined, 0)).toEqual({ q: 'refund', queue, state: 'parked', order: 'newest' });
  });

  it('asks the API only for what it takes, whatever was written by hand or appended on the way', () => {
    const odd = {
      q: `\0${'x'.repeat(600)}`,
      queue: 'refunds',
      state: 'lost',
      order: 'up',
      time: 'ever',
      utm_source: 'mail',
    };
    const { q, ...others } = searchQuery(readSearch(new URLSearchParams(odd)), undefined, 0);
    expect(q).toBe('x'.repeat(500));
    expect(others).toEqual({ order: 'relevance' });
    expect(isEmptySearch(readSearch(new URLSearchParams({ queue: 'refunds' })))).toBe(true);
  });
});
