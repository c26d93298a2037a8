import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Routing, type Rule } from '../../domain/routing.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

const rule = (id: string, ...keywords: string[]): Rule => ({ id, queueId: `queue-of-${id}`, keywords });
const routing = (...rules: Rule[]): Routing => ({ version: 7, defaultQueueId: 'default', rules });

describe('routing a message', () => {
  it('takes the first rule that matches, whatever later rules say', () => {
    const decision = decide(
      { subject: 'Refund of invoice 12' },
      routing(rule('a', 'refund'), rule('b', 'invoice', 'refund')),
    );
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
    expect(decide({ subject: 'INVOICES' }, routing(rule('a', 'voice')))).toMatchObject({ by: 'rule' });
  });

  it('matches a keyword of several words as written, with any white space between', () => {
    const rules = routing(rule('a', 'lost  luggage'));
    expect(decide({ subject: 'Re: LOST\n luggage' }, rules)).toMatchObject({ by: 'rule', keyword: 'lost  luggage' });
    expect(decide({ subject: 'luggage lost' }, rules)).toMatchObject({ by: 'default', because: 'no-rule-matched' });
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
    expect(decide({ subject }, routing(rule('a', keyword)))).toMatchObject({ by: 'rule', keyword });
  });

  it.each([
    ['order number', 'ordernumber'],
    ['ordernumber', 'order number'],
    ['cant', 'can’t'],
    ['e-mail', 'email'],
    ['a.b', 'a\u200Bxb'],
    ['\u200B', 'a\u200Bb'],
  ])('does not match the keyword %j in the subject %j', (keyword, subject) => {
    expect(decide({ subject }, routing(rule('a', keyword)))).toMatchObject({ by: 'default' });
  });

  it('needs no longer than a moment for a subject of ten million characters and many keywords', () => {
    const keywords = Array.from({ length: 500 }, (_, index) => `${'a'.repeat(80)}${index}`);
    for (const unit of ['a', 'a\u200B', 'a\u00AD\u200B', '’', 'a ', '\u200B']) {
      const subject = unit.repeat(Math.ceil(10_000_000 / unit.length));
      const rules = routing(rule('a', ...keywords));
      expect(
        cpuMilliseconds(() => decide({ subject }, rules)),
        JSON.stringify(unit),
      ).toBeLessThan(2_000);
    }
  });

  it.each(['', '   ', '\u200B'])('sends a message without subject (%j) to the default queue', (subject) => {
    expect(decide({ subject }, routing(rule('a', 'x')))).toEqual({
      by: 'default',
      queueId: 'default',
      because: 'no-subject',
      version: 7,
    });
  });

  it('never matches a keyword that is nothing but white space', () => {
    expect(decide({ subject: 'anything' }, routing(rule('a', ' \u00AD ')))).toMatchObject({ by: 'default' });
  });

  it('says that there are no rules', () => {
    expect(decide({ subject: 'hello' }, routing())).toMatchObject({ by: 'default', because: 'no-rules' });
  });

  it('does not take dots, stars or brackets for a pattern', () => {
    expect(decide({ subject: 'abc' }, routing(rule('a', 'a.c')))).toMatchObject({ by: 'default' });
    expect(decide({ subject: 'Your [Ticket*] 5' }, routing(rule('a', '[ticket*]')))).toMatchObject({ by: 'rule' });
  });

  it('always ends in the default queue or in the queue of the first rule with a contained keyword', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', 'ß', 'é', ' ', 'İ'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 5 }), word, (sets, subject) => {
        const rules = sets.map((keywords, index) => rule(String(index), ...keywords));
        const decision = decide({ subject }, routing(...rules));
        const earlier = decision.by === 'rule' ? rules.slice(0, decision.position - 1) : rules;
        for (const other of earlier) {
          expect(decide({ subject }, routing(other))).toMatchObject({ by: 'default' });
        }
      }),
    );
  });
});

describe('a message that goes into no queue', () => {
  const none = { by: 'none', queueId: null, version: 7 };
  const gone = {
    ...routing(rule('a', 'invoice'), rule('b', 'refund')),
    removedQueueIds: new Set(['queue-of-a', 'default']),
  };

  it('has no default queue to go to, and no rule that matches', () => {
    const withoutDefault = { ...routing(rule('a', 'invoice')), defaultQueueId: undefined };
    for (const subject of ['hello', '']) {
      expect(decide({ subject }, withoutDefault)).toEqual({ ...none, because: 'no-default-queue' });
    }
    expect(decide({ subject: 'invoice' }, withoutDefault)).toMatchObject({ by: 'rule', queueId: 'queue-of-a' });
  });

  it('would go to a queue that was removed: that of a rule, which is named, or the default queue', () => {
    expect(decide({ subject: 'Invoice' }, gone)).toEqual({
      ...none,
      because: 'rule-queue-removed',
      rule: { ruleId: 'a', position: 1, keyword: 'invoice' },
    });
    expect(decide({ subject: 'hello' }, gone)).toEqual({ ...none, because: 'default-queue-removed' });
    expect(decide({ subject: 'refund' }, gone)).toMatchObject({ by: 'rule', queueId: 'queue-of-b' });
  });
});
