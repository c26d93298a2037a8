import { describe, expect, it } from 'vitest';
import {
  type Draft,
  draftToTry,
  isSameRouting,
  ruleProblem,
  triedPositions,
  withOtherQueue,
} from '../../web/account/draft.ts';

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

describe('another queue', () => {
  const both = draft({ defaultQueueId: 'refunds' });

  it.each([
    ['takes the place of one queue wherever the routing leads to it', both, 'refunds', ['new', 'new']],
    ['leaves what leads elsewhere', draft(), 'general', ['new', 'refunds']],
    ['takes the place of the default queue, whichever that is', draft(), 'default', ['new', 'refunds']],
    ['is the default queue where there was none', draft({ defaultQueueId: null }), 'default', ['new', 'refunds']],
    [
      'leaves no queue as it is where another queue is replaced',
      draft({ defaultQueueId: null }),
      'refunds',
      [null, 'new'],
    ],
  ])('%s', (_what, before, from, queues) => {
    const after = withOtherQueue(before, from, 'new');
    expect([after.defaultQueueId, ...after.rules.map(({ queueId }) => queueId)]).toEqual(queues);
    expect(after.rules.map(({ keywords }) => keywords)).toEqual(before.rules.map(({ keywords }) => keywords));
  });
});

describe('a rule', () => {
  const rule = (keywords: readonly string[], typed = '') => ({
    key: 'a',
    id: undefined,
    queueId: 'q',
    keywords,
    typed,
  });
  const many = Array.from({ length: 100 }, (_, n) => `keyword ${n}`);

  it('can be saved with 1 to 100 keywords of 200 characters, the one in its box among them', () => {
    expect(ruleProblem(rule([]))).toBe('empty');
    expect(ruleProblem(rule([], 'x'.repeat(200)))).toBeUndefined();
    expect(ruleProblem(rule([], 'x'.repeat(201)))).toBe('too-long');
    expect(ruleProblem(rule(many))).toBeUndefined();
    expect(ruleProblem(rule(many, 'one more'))).toBe('too-many');
  });

  it('that cannot be saved is not tried, and the others keep their positions', () => {
    const tried = draft({ rules: [rule([...many, 'x']), rule(['refund']), rule([]), rule(['invoice'])] });
    expect(draftToTry(tried).rules.map(({ keywords }) => keywords)).toEqual([['refund'], ['invoice']]);
    expect(triedPositions(tried)).toEqual([2, 4]);
  });
});
