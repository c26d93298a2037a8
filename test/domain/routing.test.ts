import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Routing, type Rule } from '../../domain/routing.ts';

const rule = (id: string, ...keywords: string[]): Rule => ({ id, queueId: `queue-of-${id}`, keywords });
const routing = (...rules: Rule[]): Routing => ({ version: 7, defaultQueueId: 'default', rules });

describe('routing a message', () => {
  it('takes the first rule that matches, whatever later rules say', () => {
    const decision = decide(routing(rule('a', 'refund'), rule('b', 'invoice', 'refund')), {
      subject: 'Refund of invoice 12',
    });
    expect(decision).toEqual({
      by: 'rule',
      queueId: 'queue-of-a',
      ruleId: 'a',
      position: 1,
      keyword: 'refund',
      version: 7,
    });
  });

  it('matches anywhere in the subject, also inside a word', () => {
    expect(decide(routing(rule('a', 'voice')), { subject: 'INVOICES' })).toMatchObject({ by: 'rule' });
  });

  it('matches a keyword of several words as written, with any white space between', () => {
    const rules = routing(rule('a', 'lost  luggage'));
    expect(decide(rules, { subject: 'Re: LOST\n luggage' })).toMatchObject({ by: 'rule', keyword: 'lost  luggage' });
    expect(decide(rules, { subject: 'luggage lost' })).toMatchObject({ by: 'default', because: 'no-rule-matched' });
  });

  it.each(['', '   ', '\u200B'])('sends a message without subject (%j) to the default queue', (subject) => {
    expect(decide(routing(rule('a', 'x')), { subject })).toEqual({
      by: 'default',
      queueId: 'default',
      because: 'no-subject',
      version: 7,
    });
  });

  it('never matches a keyword that is nothing but white space', () => {
    expect(decide(routing(rule('a', ' \u00AD ')), { subject: 'anything' })).toMatchObject({ by: 'default' });
  });

  it('says that there are no rules', () => {
    expect(decide(routing(), { subject: 'hello' })).toMatchObject({ by: 'default', because: 'no-rules' });
  });

  it('does not take dots, stars or brackets for a pattern', () => {
    expect(decide(routing(rule('a', 'a.c')), { subject: 'abc' })).toMatchObject({ by: 'default' });
    expect(decide(routing(rule('a', '[ticket*]')), { subject: 'Your [Ticket*] 5' })).toMatchObject({ by: 'rule' });
  });

  it('always ends in the default queue or in the queue of the first rule with a contained keyword', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', 'ß', 'é', ' ', 'İ'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), word, (sets, subject) => {
        const rules = sets.map((keywords, index) => rule(String(index), ...keywords));
        const decision = decide(routing(...rules), { subject });
        const earlier = decision.by === 'rule' ? rules.slice(0, decision.position - 1) : rules;
        for (const other of earlier) {
          expect(decide(routing(other), { subject })).toMatchObject({ by: 'default' });
        }
      }),
    );
  });
});
