import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCase } from '../../domain/case-folding.ts';

describe('folding case', () => {
  it.each([
    ['ß equals SS', 'Straße', 'STRASSE'],
    ['capital ẞ equals ss', 'STRAẞE', 'strasse'],
    ['full-width letters equal narrow ones', 'Ｉｎｖｏｉｃｅ　１２', 'invoice 12'],
    ['a combining accent equals the composed letter', 'Cafe\u0301', 'CAFÉ'],
    ['Turkish dotted İ equals i', 'İSTANBUL', 'istanbul'],
    ['Turkish dotted İ equals itself in lower case', 'İstanbul', 'i\u0307stanbul'],
    ['Turkish dotless ı equals I', 'KAYIT', 'kayıt'],
    ['all sigmas are equal', 'ΟΔΟΣ', 'οδος'],
    ['Cyrillic', 'СЧЁТ', 'счёт'],
    ['ligatures', 'oﬃce', 'OFFICE'],
    ['a soft hyphen inside a word', 'in\u00ADvoice', 'invoice'],
    ['a zero-width blank inside a word', 'in\u200Bvoice', 'invoice'],
    ['any white space between words', 'lost\u00A0 \t\r\n luggage', 'lost luggage'],
    ['an ideographic blank', '請求\u3000書', '請求 書'],
  ])('%s', (_, one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it('keeps what differs apart', () => {
    expect(foldCase('resume')).not.toBe(foldCase('résumé'));
    expect(foldCase('ab')).not.toBe(foldCase('a b'));
  });

  it('is done after one pass, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const once = foldCase(text);
        expect(foldCase(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not care about the case of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(foldCase(text.toUpperCase())).toBe(foldCase(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
