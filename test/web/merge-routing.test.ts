import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draft, draftAfterSave, keywordsOf, rulesToSend } from '../../web/account/draft.ts';
import { mergeRouting } from '../../web/account/merge-routing.ts';

const rule = (id: string, queueId: string, ...keywords: string[]) => ({ key: id, id, queueId, keywords, typed: '' });
const added = (key: string, queueId: string, ...keywords: string[]) => ({
  ...rule(key, queueId, ...keywords),
  id: undefined,
});
const routing = (version: number, rules: Draft['rules'], defaultQueueId = 'general'): Draft => ({
  version,
  defaultQueueId,
  rules,
});
const base = routing(1, [rule('a', 'refunds', 'refund'), rule('b', 'returns', 'return'), rule('c', 'sales', 'price')]);
const [a, b, c] = base.rules as [Draft['rules'][number], Draft['rules'][number], Draft['rules'][number]];
const shown = ({ rules }: Draft) => rules.map((one) => [one.queueId, ...keywordsOf(one)]);

describe('two routings that began as one are merged', () => {
  it('with the keywords that either side added, and without those that either removed', () => {
    const mine = routing(1, [
      { ...a, keywords: ['refund', 'money back'], typed: 'typed' },
      { ...b, keywords: ['rma'] },
      c,
    ]);
    const theirs = routing(2, [{ ...a, keywords: ['refund', 'chargeback'] }, b, { ...c, keywords: ['cost'] }]);
    const { draft, edits } = mergeRouting(base, mine, theirs);
    expect(draft.version).toBe(2);
    expect(shown(draft)).toEqual([
      ['refunds', 'refund', 'money back', 'chargeback', 'typed'],
      ['returns', 'rma'],
      ['sales', 'cost'],
    ]);
    expect(edits).toMatchObject([
      { what: 'keywords', added: ['chargeback'], removed: [] },
      { what: 'keywords', added: ['cost'], removed: ['price'] },
    ]);
  });

  it('with what was entered here where both changed the same, which is said', () => {
    const mine = routing(1, [{ ...a, queueId: 'mine' }, b, c], 'mine');
    const theirs = routing(2, [{ ...a, queueId: 'theirs' }, b, c], 'theirs');
    const { draft, edits } = mergeRouting(base, mine, theirs);
    expect([draft.defaultQueueId, draft.rules[0]?.queueId]).toEqual(['mine', 'mine']);
    expect(edits).toMatchObject([
      { what: 'default-queue', queueId: 'theirs', isOverruled: true },
      { what: 'queue', queueId: 'theirs', isOverruled: true },
    ]);
  });

  it('with a rule that one side changed and the other removed, as a new one where it is gone', () => {
    const mine = routing(1, [{ ...a, keywords: ['changed here'] }, c]);
    const theirs = routing(2, [{ ...b, keywords: ['changed there'] }, c]);
    const { draft, edits } = mergeRouting(base, mine, theirs);
    expect(shown(draft)).toEqual([
      ['refunds', 'changed here'],
      ['returns', 'changed there'],
      ['sales', 'price'],
    ]);
    expect(rulesToSend(draft)[0]).not.toHaveProperty('id');
    expect(edits).toMatchObject([{ what: 'back' }, { what: 'removed', isKept: true }]);
  });

  it('with the rules that were added on either side, each behind the one that it was put behind', () => {
    const mine = routing(1, [a, added('mine', 'vip', 'vip'), b, c]);
    const theirs = routing(2, [c, a, b, rule('theirs', 'legal', 'lawyer')]);
    const { draft, edits } = mergeRouting(base, mine, theirs);
    expect(shown(draft).map(([queueId]) => queueId)).toEqual(['sales', 'refunds', 'vip', 'returns', 'legal']);
    expect(edits.map(({ what }) => what)).toEqual(['added', 'order']);
  });

  it('without a second copy of what an earlier try has saved, whose answer got lost', () => {
    const mine = routing(1, [a, b, c, added('new', 'vip', 'vip')]);
    const theirs = routing(2, [a, b, c, rule('saved', 'vip', 'vip')]);
    expect(shown(mergeRouting(base, mine, theirs).draft)).toEqual(shown(mine));
  });

  it('so that every keyword that either side added is there, whatever else they did', () => {
    const keyword = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5');
    const queueId = fc.constantFrom('q1', 'q2', 'q3');
    const side = fc.record({
      kept: fc.shuffledSubarray([0, 1, 2]),
      keywords: fc.array(fc.uniqueArray(keyword, { minLength: 1 }), { minLength: 3, maxLength: 3 }),
      fresh: fc.array(fc.record({ queueId, keywords: fc.uniqueArray(keyword, { minLength: 1 }) }), { maxLength: 2 }),
    });
    const make = (
      { kept, keywords, fresh }: typeof side extends fc.Arbitrary<infer Side> ? Side : never,
      name: string,
    ) => [
      ...kept.map((index) => ({ ...(base.rules[index] as typeof a), keywords: keywords[index] ?? [] })),
      ...fresh.map((one, index) => ({ ...rule(`${name}${index}`, one.queueId), keywords: one.keywords })),
    ];
    fc.assert(
      fc.property(side, side, (one, other) => {
        const mine = routing(1, make(one, 'mine'));
        const theirs = routing(2, make(other, 'theirs'));
        const { draft } = mergeRouting(base, mine, theirs);
        const all = new Set(draft.rules.flatMap(keywordsOf));
        for (const { rules } of [mine, theirs])
          for (const word of rules.flatMap(keywordsOf)) expect(all).toContain(word);
        expect(new Set(draft.rules.map(({ key }) => key)).size).toBe(draft.rules.length);
      }),
    );
  });
});

it('keeps what was edited while a routing was being saved', () => {
  const sent = routing(1, [added('x', 'vip', 'vip')]);
  const saved = routing(2, [rule('id-of-x', 'vip', 'vip')]);
  const edited = routing(1, [{ ...added('x', 'vip', 'vip'), typed: 'later' }]);
  expect(draftAfterSave(edited, sent, saved)).toMatchObject({ version: 2, rules: [{ id: 'id-of-x', typed: 'later' }] });
});
