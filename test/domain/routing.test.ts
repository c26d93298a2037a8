import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Routing, type Rule } from '../../domain/routing.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

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

  it.each([
    ["can't log in", 'I can’t log in'],
    ['e-mail address', 'Question about e‑mail address'],
    ['rma-2026-001', 'Order RMA–2026–001 is broken'],
    ['order number', 'my order\u200Bnumber'],
    ['ordernumber', 'my order\u200Bnumber'],
    ['order number', 'my or\u00ADder\uFEFFnum\u2060ber'],
    ['order\u200Bnumber', 'my order number'],
    ['order\u200Bnumber', 'my ordernumber'],
    ['e-mail', 'an e\u00ADmail'],
    ['email', 'an e\u00ADmail'],
    ['می خواهم', 'می\u200Cخواهم'],
    ['a.b*(c)', 'A.B*(C)\u200B'],
    ['order number', `${'x\u200B'.repeat(2_000)}order\u200Bnumber`],
  ])('matches the keyword %j in the subject %j, which people read as the same', (keyword, subject) => {
    expect(decide(routing(rule('a', keyword)), { subject })).toMatchObject({ by: 'rule', keyword });
  });

  it.each([
    ['order number', 'ordernumber'],
    ['ordernumber', 'order number'],
    ['cant', 'can’t'],
    ['e-mail', 'email'],
    ['a.b', 'a\u200Bxb'],
    ['\u200B', 'a\u200Bb'],
  ])('does not match the keyword %j in the subject %j', (keyword, subject) => {
    expect(decide(routing(rule('a', keyword)), { subject })).toMatchObject({ by: 'default' });
  });

  it('needs no longer than a moment for a subject of ten million characters and many keywords', () => {
    const keywords = Array.from({ length: 500 }, (_, index) => `${'a'.repeat(80)}${index}`);
    for (const unit of ['a', 'a\u200B', 'a\u00AD\u200B', '’', 'a ', '\u200B']) {
      const subject = unit.repeat(Math.ceil(10_000_000 / unit.length));
      const rules = routing(rule('a', ...keywords));
      expect(
        cpuMilliseconds(() => decide(rules, { subject })),
        JSON.stringify(unit),
      ).toBeLessThan(2_000);
    }
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
