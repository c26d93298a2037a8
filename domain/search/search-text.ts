/** A word as it is indexed, with its place in the text in UTF-16 code units. */
export interface PlacedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a text as they are indexed and searched: lower case, without accents. Letters and digits are words of
 * their own, so that `RMA-2026-001`, `RMA 2026/001` and `rma2026001` are found by each of their parts; PostgreSQL's
 * parser would read signs into such numbers, and keep an address as one word. Of a link only the host counts.
 *
 * Both sides of a search pass through here: a change needs a new index (decision 54).
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
      yield { word: run.normalize('NFKC'), start, end: start + run.length };
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

/**
 * A long run of base64 or hexadecimal digits (skipped), a link with its host, letters, digits. Marks come after a letter,
 * or first: a pair of Thai characters, which a query asks for by itself, may begin with one.
 */
const RUNS =
  /[A-Za-z0-9+/=_-]{80,}|(https?:\/\/)([^\s/?#"'<>]{1,253})[^\s"'<>]*|((?:\p{L}|^\p{M})[\p{L}\p{M}]*)|(\p{N}+)/giu;

function* wordsOfLetters(letters: string, start: number): Generator<PlacedWord> {
  const end = start + letters.length;
  if (!UNSPACED.test(letters)) {
    if (letters.length <= LONGEST_WORD) yield { word: foldWord(letters), start, end };
    return;
  }
  // These languages put no blanks between words: pairs of characters are searched in their place.
  let previous: PlacedWord | undefined;
  let pairs = 0;
  for (const { 0: character, index } of letters.matchAll(/./gsu)) {
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

/** Marks are taken from Latin and Greek letters only: in other scripts they make another letter. */
function foldWord(letters: string): string {
  if (PLAIN.test(letters)) return letters.toLowerCase();
  return letters
    .normalize('NFKD')
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => WITHOUT_DECOMPOSITION[letter] ?? letter);
}
const PLAIN = /^[A-Za-z]*$/;
const WITHOUT_DECOMPOSITION: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
