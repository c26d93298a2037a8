import { describe, expect, it } from 'vitest';
import { countAddresses, parseAddressList } from '../../web/email/parse-address-list.ts';

describe('a pasted list of mailboxes', () => {
  it.each([
    ['lines', 'a@x.example\r\n\r\n  b@x.example \n', ['a@x.example', 'b@x.example']],
    ['one line', 'a@x.example, b@x.example;c@x.example d@x.example', 4],
    ['recipients', '"Doe, Ann" <a@x.example>; Bob <b@x.example>', ['a@x.example', 'b@x.example']],
    [
      'a table',
      'a@x.example;Ann;Sales\nBob,"b@x.example","Sales"\nSales\tc@x.example',
      ['a@x.example', 'b@x.example', 'c@x.example'],
    ],
    ['links', 'mailto:a@x.example', ['a@x.example']],
  ])('gives its addresses: %s', (_what, text, expected) => {
    const found = parseAddressList(text);
    expect(typeof expected === 'number' ? found.length : found).toEqual(expected);
    expect(countAddresses(found)).toBe(found.length);
  });

  it('keeps a line without an address whole, and what only looks like one, which do not count', () => {
    const found = parseAddressList('Mail;Name;Department\na@b@c\na@x.example');
    expect(found).toEqual(['Mail;Name;Department', 'a@b@c', 'a@x.example']);
    expect(countAddresses(found)).toBe(1);
    expect(parseAddressList('x'.repeat(1_000))[0]).toHaveLength(320);
  });
});
