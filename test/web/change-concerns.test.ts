import { describe, expect, it } from 'vitest';
import { concerns } from '../../web/shell/change-concerns.ts';

const mine = 'account-1';
const other = 'account-2';

describe('a change concerns what shows something of it', () => {
  it.each([
    ['accounts', [mine], ['accounts', { page: 1 }], true],
    ['accounts', [mine], ['account', mine], true],
    ['accounts', [mine], ['account', mine, 'events'], true],
    ['accounts', [mine], ['sign-in-outcome', mine, 0], true],
    ['accounts', [other], ['account', mine], false],
    ['accounts', [mine], ['routing', mine], false],
    ['routing', [mine], ['routing', mine], true],
    ['routing', [other], ['routing', mine], false],
    ['items', [other], ['queues'], true],
    ['items', [other], ['received', mine], false],
    ['items', undefined, ['received', mine], true],
    ['settings', undefined, ['settings'], true],
    ['users', ['user-1'], ['users'], true],
    ['users', ['user-1'], ['queues'], false],
    ['me', undefined, ['me'], true],
    ['something newer', undefined, ['accounts'], false],
  ])('%s %j: %j', (topic, ids, queryKey, expected) => {
    expect(concerns({ topic, ...(ids && { ids }) }, queryKey)).toBe(expected);
  });
});
