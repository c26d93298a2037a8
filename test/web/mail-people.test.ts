import { describe, expect, it } from 'vitest';
import { otherAuthors } from '../../web/mail/other-authors.ts';
import { shownName } from '../../web/mail/shown-name.ts';

describe('authors besides the first', () => {
  const from = { name: 'Ada', address: 'ada@example.org' };
  const written = (value: string) => otherAuthors({ from, headers: [{ name: 'From', value }] });

  it('are those of the header, once each', () => {
    expect(written('Ada <ADA@example.org>, Bob <bob@example.org>, bob@example.org')).toEqual([
      { address: 'bob@example.org' },
    ]);
  });

  it('are none where a name only looks like an address', () => {
    expect(written('"boss@bank.example" <ada@example.org>')).toEqual([]);
    expect(otherAuthors({ from, headers: null })).toEqual([]);
  });

  it('are at most twenty', () => {
    const many = Array.from({ length: 500 }, (_, n) => `a${n}@example.org`).join(', ');
    expect(written(many)).toHaveLength(20);
  });
});

describe('the name of a file', () => {
  it('has nothing that turns its direction or is not seen', () => {
    expect(shownName('invoice\u202Efdp.exe\u200B\u0000')).toBe('invoicefdp.exe');
    expect(shownName(' a\n b.txt ')).toBe('a b.txt');
  });

  it('that is long keeps its beginning and its type', () => {
    const shown = shownName(`${'x'.repeat(300)}.pdf.exe`);
    expect([...shown]).toHaveLength(80);
    expect(shown).toMatch(/^x+…x+\.pdf\.exe$/);
  });
});
