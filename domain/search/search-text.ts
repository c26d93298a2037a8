/** A word as it is indexed, with its place in the text in UTF-16 code units. */
export interface PlacedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The version of the rules of this file, stored with each document. 2: words are the same in composed and decomposed
 * form, with soft hyphens and without, and in half and full width; Hebrew and Arabic lose their points.
 */
export const FOLDING = 2;

/**
 * The words of a text as they are indexed and searched: lower case, without accents. Letters and digits are words of
 * their own, so that `RMA-2026-001`, `RMA 2026/001` and `rma2026001` are found by each of their parts; PostgreSQL's
 * parser would read signs into such numbers, and keep an address as one word. Of a link only the host counts.
 *
 * Both sides of a search pass through here. A change needs a new `FOLDING`, by which workers write earlier documents again.
 */
export function* placedWords(text: string): Generator<PlacedWord> {
  for (const match of text.matchAll(RUNS)) {
    const { 0: run, 1: scheme, 2: host, 3: letters, 4: digits, index: start } = match;
    if (host !== undefined) {
      const from = start + (scheme?.length ?? 0);
      for (const { word, start, end } of placedWords(host)) yield { word, start: from + start, end: from + end };
    } else if (letters !== undefined) {
      yield* wordsOfLetters(letters, start);
    } else if (digits !== undefined && run.length <= LONGEST_WORD) {
      yield { word: foldDigits(run), start, end: start + run.length };
    }
  }
}

/** The words of a text, apart by blanks, as far as `most` characters. */
export function searchText(text: string, most = Number.POSITIVE_INFINITY): string {
  const words: string[] = [];
  for (const { word } of placedWords(text.length > most ? text.slice(0, most) : text)) words.push(word);
  return words.join(' ');
}

/** What is longer is encoded data, or an attack. */
const LONGEST_WORD = 60;

/** Of a word as it is written: decomposed Korean and Vietnamese take three times as many characters. */
const LONGEST_WRITTEN = 4 * LONGEST_WORD;

/**
 * A long run of base64 or hexadecimal digits (skipped), a link with its host, letters, digits. Marks come after a letter,
 * or first: a pair of Thai characters, which a query asks for by itself, may begin with one. Soft hyphens and joiners
 * stand within words. The blank without width (U+200B) does not: Khmer and Burmese put it between theirs.
 */
const RUNS =
  /[A-Za-z0-9+/=_-]{80,}|(https?:\/\/)([^\s/?#"'<>]{1,253})[^\s"'<>]*|((?:\p{L}|^\p{M})[\p{L}\p{M}\p{Join_Control}\u00ad\u2060\ufeff]*)|(\p{N}+)/giu;

function* wordsOfLetters(letters: string, start: number): Generator<PlacedWord> {
  const end = start + letters.length;
  if (!UNSPACED.test(letters)) {
    const word = letters.length <= LONGEST_WRITTEN ? foldWord(letters) : '';
    if (word !== '' && word.length <= LONGEST_WORD) yield { word, start, end };
    return;
  }
  // These languages put no blanks between words: pairs of characters are searched in their place.
  let previous: PlacedWord | undefined;
  let pairs = 0;
  for (const { 0: character, index } of letters.matchAll(CHARACTERS)) {
    const at = start + index;
    const placed = { word: foldWord(character), start: at, end: at + character.length };
    if (previous) {
      pairs += 1;
      yield { word: previous.word + placed.word, start: previous.start, end: placed.end };
    }
    previous = placed;
  }
  if (pairs === 0 && previous) yield previous;
}
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/**
 * A character as one code point can write it: a decomposed Thai vowel, a Korean syllable, or a letter with its marks, among
 * them the sound marks of half-width katakana. Thai vowels and tones stay characters of their own.
 */
const CHARACTERS =
  /(?:\u0e4d\u0e32|[\u1100-\u115f][\u1160-\u11a7]+[\u11a8-\u11ff]*|.)(?:(?!\p{Script=Thai})\p{M}|[\p{Join_Control}\uff9e\uff9f\u00ad\u2060\ufeff])*/gsu;

/**
 * A word without what people leave out, or write in several ways: compatibility forms (half and full width, ligatures),
 * case, accents of Latin and Greek letters, vowel points of Hebrew and Arabic, stress in Cyrillic. Other marks make
 * another letter.
 */
function foldWord(letters: string): string {
  if (PLAIN.test(letters)) return letters.toLowerCase();
  return letters
    .normalize('NFKD')
    .replace(UNSEEN, '')
    .replace(OPTIONAL_MARKS, '')
    .replace(ALEF_MARKS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđðþıςٱىیک]/g, (letter) => SAME_LETTER[letter] ?? letter)
    .trim();
}
const PLAIN = /^[A-Za-z]*$/;
/** Soft hyphens, joiners, variants of a character, and the stroke that stretches Arabic words. */
const UNSEEN = /\u034f|[\p{Join_Control}\p{Variation_Selector}\u00ad\u2060\ufeff\u0640]/gu;
const OPTIONAL_MARKS = new RegExp(
  [
    '(?<=[\\p{Script=Latin}\\p{Script=Greek}]\\p{M}*)\\p{M}',
    '[\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7]',
    '[\\u0610-\\u061a\\u064b-\\u0652\\u0656-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed]',
    '(?<=[аеиоуыэюя]\\p{M}*)\\u0301',
    '(?<=е\\p{M}*)\\u0308',
  ].join('|'),
  'giu',
);
/** Alef with hamza or madda is often written without; canonical order puts them after the vowel points. */
const ALEF_MARKS = /(?<=\u0627)[\u0653-\u0655]+/g;
const SAME_LETTER: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
};

/** Compatibility forms and Arabic digits as ASCII has them. */
function foldDigits(digits: string): string {
  return digits
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}
