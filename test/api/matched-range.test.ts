import { describe, expect, it } from 'vitest';
import { matchedRange } from '../../api/routing/matched-range.ts';

describe('the part of a subject that a keyword matched', () => {
  it.each([
    ["can't log in", 'Help: I can’t log in today', 'can’t log in'],
    ['rma-2026-001', 'Order RMA–2026–001 is broken', 'RMA–2026–001'],
    ['order number', 'My order\u200Bnumber is 5', 'order\u200Bnumber'],
    ['invoice', 'An in\u00ADvo\u200Bice x', 'in\u00ADvo\u200Bice'],
    ['strasse', 'Die Straße 5', 'Straße'],
    ['5"', 'A 5″ pipe', '5″'],
    ['e-mail', 'An e\u00ADmail to e-mail', 'e\u00ADmail'],
  ])('of %j in %j is %j', (keyword, subject, part) => {
    const { start, end } = matchedRange(subject, keyword) ?? { start: 0, end: 0 };
    expect(subject.slice(start, end)).toBe(part);
  });

  it('is none where it does not match', () => {
    expect(matchedRange('ordernumber', 'order number')).toBeUndefined();
    expect(matchedRange('anything', '\u200B')).toBeUndefined();
  });
});
