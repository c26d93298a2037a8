import { describe, expect, it } from 'vitest';
import { type Draft, isSameRouting } from '../../web/account/draft.ts';

const draft = (changed: Partial<Draft> = {}): Draft => ({
  version: 1,
  defaultQueueId: 'general',
  rules: [{ key: 'a', id: undefined, queueId: 'refunds', keywords: ['refund', 'money back'], typed: '' }],
  ...changed,
});

describe('two drafts of a routing are the same', () => {
  it('when one is the other after saving, which gives rules their ids', () => {
    const rules = [{ key: '1', id: '1', queueId: 'refunds', keywords: ['refund', 'money back'], typed: '' }];
    expect(isSameRouting(draft(), draft({ version: 2, rules }))).toBe(true);
  });

  it.each([
    ['the default queue', draft({ defaultQueueId: 'other' })],
    ['a keyword', draft({ rules: [{ key: 'a', id: undefined, queueId: 'refunds', keywords: ['refund'], typed: '' }] })],
    ['the queue of a rule', draft({ rules: [{ ...(draft().rules[0] as Draft['rules'][number]), queueId: 'other' }] })],
    ['the number of rules', draft({ rules: [] })],
  ])('but not when %s differs', (_what, other) => {
    expect(isSameRouting(draft(), other)).toBe(false);
  });
});
