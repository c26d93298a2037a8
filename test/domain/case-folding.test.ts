import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCase } from '../../domain/case-folding.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';

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
    ['blanks that Unicode calls letters', 'a\u3164b\u2800c', 'a b c'],
    ['full-width marks', 'Ｅ－ｍａｉｌ＇ｓ', "e-mail's"],
    ['an elongated Arabic word', 'كـتـاب', 'كتاب'],
    ['a fraction', '½', '1/2'],
    ['a wave dash and a full-width tilde', '1〜2', '1～2'],
  ])('%s', (_, one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
  });

  it.each([...'’‘‛`´ʼʻʹ′‵ˈ׳՚＇‹›\uA78C'])('makes one apostrophe of %s', (mark) => {
    expect(foldCase(`can${mark}t`)).toBe("can't");
  });

  it.each([...'“”„‟«»″‶〝〞״ˮ＂❝'])('makes one quotation mark of %s', (mark) => {
    expect(foldCase(`${mark}a${mark}`)).toBe('"a"');
  });

  it.each([...'‐‑‒–—―−﹘﹣－⁃˗⸺⁻֊־᐀➖─゠'])('makes one hyphen of %s', (mark) => {
    expect(foldCase(`e${mark}mail`)).toBe('e-mail');
  });

  it('is linear in the length, whatever the text', () => {
    const units = ['\u200B', ' ', '\u00AD \u200B', '\u00AD\u200B', 'a\u0301', '’ ', 'ß', 'İ', '\uD83D', '\u3164\u2060'];
    for (const unit of units) {
      const text = unit.repeat(Math.ceil(500_000 / unit.length));
      expect(
        cpuMilliseconds(() => foldCase(`${text}x`)),
        JSON.stringify(unit),
      ).toBeLessThan(4_000);
    }
  });

  it('keeps what differs apart', () => {
    expect(foldCase('resume')).not.toBe(foldCase('résumé'));
    expect(foldCase('ab')).not.toBe(foldCase('a b'));
    expect(foldCase('cant')).not.toBe(foldCase('can’t'));
    expect(foldCase('email')).not.toBe(foldCase('e–mail'));
    expect(foldCase('コ-ヒ-')).not.toBe(foldCase('コーヒー'));
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
