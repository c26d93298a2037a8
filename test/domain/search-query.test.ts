import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerpt, markWords } from '../../domain/search/mark-words.ts';
import { MOST_TERMS, parseSearch, spellings, tsquerySource } from '../../domain/search/search-query.ts';
import { placedWords, searchText } from '../../domain/search/search-text.ts';

describe('the text that is indexed', () => {
  it.each([
    ['RMA-2026-001', 'rma 2026 001'],
    ['RE4711X', 're 4711 x'],
    ['Müllers Straße, café', 'mullers strasse cafe'],
    ['jo.doe@example.net', 'jo doe example net'],
    ['see https://shop.example/a/b?token=3f2a now', 'see shop example now'],
    [`key ${'QUJD'.repeat(40)} end`, 'key end'],
    ['日本語', '日本 本語'],
    ['木', '木'],
    ['йод', 'йод'],
    ['１２', '12'],
    ['', ''],
  ])('of %j is %j', (text, indexed) => {
    expect(searchText(text)).toBe(indexed);
  });

  it.each([
    ['Japanese, decomposed', 'ガギグが', 'ガギグが'.normalize('NFD')],
    ['Japanese, half width', 'ガギパー', 'ｶﾞｷﾞﾊﾟｰ'],
    ['a variant of a character', '葛城', '葛\u{e0100}城'],
    ['Latin among Japanese, decomposed', 'é社', 'é社'.normalize('NFD')],
    ['Latin, full width', 'ABC12', 'ＡＢＣ１２'],
    ['Korean, decomposed', '한국어', '한국어'.normalize('NFD')],
    ['Korean beside Chinese, decomposed', '漢한국', '漢한국'.normalize('NFD')],
    ['a long Korean word, decomposed', '한'.repeat(50), '한'.repeat(50).normalize('NFD')],
    ['Vietnamese, decomposed', 'Đường Nguyễn', 'Đường Nguyễn'.normalize('NFD')],
    ['Vietnamese, unmarked', 'Đường Nguyễn', 'duong nguyen'],
    ['Thai, decomposed', 'น้ำ', 'น้ำ'.normalize('NFKD')],
    ['German', 'Straße GRÖSSE', 'STRAẞE Große'.normalize('NFD')],
    ['Turkish', 'İstanbul ISPARTA', 'istanbul ısparta'],
    ['Greek', 'ΟΔΟΣ Ά', 'οδοσ α'],
    ['Russian', 'ёлка за́мок', 'елка замок'],
    ['Arabic, with points', 'مُحَمَّد أَحْمَد', 'محمد احمد'],
    ['Arabic, stretched', 'كتـــاب', 'كتاب'],
    ['Arabic digits', '٤٧١١ ۴۷', '4711 47'],
    ['Persian', 'می‌خواهم کتاب', 'ميخواهم كتاب'],
    ['Hebrew, with points', 'שָׁלוֹם', 'שלום'],
    ['Hebrew, presentation forms', '\ufb2aלום', 'שלום'],
    ['a soft hyphen', 'Lieferschein', 'Liefer\u00adschein'],
    ['a joiner', 'Auflage', 'Auf\u200clage'],
    ['an accent that no letter is composed with', 'x', 'x\u1dc4'],
    ['a ligature', 'office', 'o\ufb03ce'],
  ])('is the same for %s', (_, one, other) => {
    expect(one).not.toBe(other);
    expect(searchText(other)).toBe(searchText(one));
    expect(searchText(one)).not.toBe('');
  });

  it('keeps letters apart that marks make', () => {
    const words = ['йод', 'иод', 'їжак', 'іжак', 'कि', 'का', 'が', 'か', 'ؤ', 'و'].map((word) => searchText(word));
    expect(new Set(words).size).toBe(words.length);
  });

  it('is the same composed and decomposed', () => {
    const letters = fc.constantFrom(
      ...'a é ß ü Đ ộ ς Ά й ё ї が ｶﾞ パ ー 漢 한 글 שׁ أَ मि ไทย น้ำ - 1 ½ ٤ \u00ad \u200d'.split(' '),
      ' ',
    );
    fc.assert(
      fc.property(fc.string({ unit: letters }), (text) => {
        expect(searchText(text.normalize('NFD'))).toBe(searchText(text.normalize('NFC')));
      }),
    );
  });

  it('has its words where they stand in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { word, start, end } of placedWords(text)) {
          expect(start).toBeLessThan(end);
          expect(searchText(text.slice(start, end))).toContain(word);
        }
      }),
    );
  });
});

describe('a search', () => {
  it.each(['ที่มา', 'ก็ตาม', '\u1000\ua9b3\u{20000}'])('for %s asks for the words of it that are indexed', (text) => {
    const indexed = searchText(text).split(' ');
    expect(tsquerySource(parseSearch(`"${text}"`)?.wanted ?? [], '&')).toBe(
      `(${indexed.map((word) => `'${word}'`).join(' <-> ')})`,
    );
  });

  it.each([
    ['invoice late', `('invoice') & ('late':*)`],
    ['invoice late ', `('invoice') & ('late')`],
    ['to', `('to')`],
    ['RMA-2026-001', `('rma' <-> '2026' <-> '001':*)`],
    ['"not open" x', `('not' <-> 'open') & ('x')`],
    ['"not open', `('not' <-> 'open':*)`],
    ['from:Doe inv*', `('doe':B) & ('inv':*)`],
    ['betreff:"offene Rechnung"', `('offene':A <-> 'rechnung':A)`],
    ['Müller ', `(('muller' | 'mueller'))`],
    ['Mueller ', `(('mueller' | 'muller'))`],
    [`% ' \\ :* & | ! () <->`, ''],
  ])('%j asks for %s', (text, source) => {
    expect(tsquerySource(parseSearch(text)?.wanted ?? [], '&')).toBe(source);
  });

  it('excludes what has a minus before it', () => {
    const { wanted, excluded } = parseSearch('invoice -"final reminder" -from:doe ') ?? { wanted: [], excluded: [] };
    expect(tsquerySource(wanted, '&')).toBe(`('invoice')`);
    expect(tsquerySource(excluded, '|')).toBe(`('final' <-> 'reminder') | ('doe':B)`);
  });

  it('is refused beyond its number of words, and nothing else is', () => {
    expect(parseSearch('word '.repeat(MOST_TERMS))).toBeDefined();
    expect(parseSearch('word '.repeat(MOST_TERMS + 1))).toBeUndefined();
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 15 }), (text) => parseSearch(text) !== undefined));
  });

  it('asks for the same composed and decomposed', () => {
    const source = (text: string) => tsquerySource(parseSearch(text)?.wanted ?? [], '&');
    for (const text of ['Müller', 'がく', 'が', 'từ', '한국']) {
      expect(source(text.normalize('NFD'))).toBe(source(text.normalize('NFC')));
    }
  });

  it('spells a word as it is indexed', () => {
    expect(spellings('Goethe')).toEqual(['goethe', 'gothe']);
    expect(spellings('neue')).toEqual(['neue']);
  });
});

describe('marks', () => {
  it('stand at what matches, and the parts are the whole text', () => {
    expect(markWords('Ihre Rechnungen, Herr Müller', ['rechnung', 'muller'])).toEqual([
      { text: 'Ihre ', hit: false },
      { text: 'Rechnungen', hit: true },
      { text: ', Herr ', hit: false },
      { text: 'Müller', hit: true },
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ maxLength: 5 })), (text, lexemes) => {
        expect(
          markWords(text, lexemes)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('are kept from words that only begin like a short one', () => {
    expect(markWords('rest re', ['re'])).toEqual([
      { text: 'rest ', hit: false },
      { text: 're', hit: true },
    ]);
  });

  it('decide which part of a long text is shown', () => {
    const text = `${'filler words '.repeat(100)}the broken kettle arrived ${'more words '.repeat(100)}`;
    const shown = excerpt(text, ['kettl', 'broken'], 100);
    expect(shown.filter(({ hit }) => hit).map((part) => part.text)).toEqual(['broken', 'kettle']);
    expect(shown.map((part) => part.text).join('').length).toBeLessThan(110);
    expect(excerpt('short', [], 100)).toEqual([{ text: 'short', hit: false }]);
  });
});
