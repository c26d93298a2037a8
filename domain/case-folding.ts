/**
 * Folds text so that two spellings that people read as the same become equal: Unicode compatibility normalisation
 * (NFKC), full case folding, one apostrophe, one quotation mark, one dash, ignorable characters removed, every run of
 * white space one blank, ends trimmed.
 */
export function foldCase(text: string): string {
  return foldAmbiguously(text).replace(hints, '');
}

/**
 * A zero-width character that a sender may have meant as a blank, or as nothing: U+200B stands for all of them. It
 * separates words in `order\u200Bnumber`, but not in `in\u200Bvoice`.
 */
export const MAYBE_BLANK = '\u200B';
/** A soft hyphen: a hyphen at the end of a line, and nothing elsewhere. */
export const MAYBE_HYPHEN = '\u00AD';

/**
 * As `foldCase`, but ambiguous characters stay in the text as MAYBE_BLANK or MAYBE_HYPHEN, one in a row.
 *
 * JavaScript has no case folding. Lower, upper and again lower case gives the full mapping (`ẞ` → `ß` → `SS` → `ss`);
 * two things remain: the final sigma that `toLowerCase` makes by context, and the dot above (U+0307) that `İ` leaves
 * behind `i`. The dot is dropped, and `ı` becomes `i` on the way through upper case, so that Turkish words match
 * whichever of the four letters was typed.
 */
export function foldAmbiguously(text: string): string {
  if (TYPEWRITTEN.test(text)) return collapseBlanks(text.toLowerCase());
  // Before NFKC, which turns some marks into a blank and an accent, and after it, as it turns others into such marks.
  const marked = foldMarks(foldMarks(text).normalize('NFKC'));
  const folded = marked
    .replace(zeroWidth, MAYBE_BLANK)
    .replace(ignorable, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .replaceAll('i\u0307', 'i');
  return collapseBlanks(foldMarks(folded));
}

/** A real blank wins over an ambiguous character beside it. */
function collapseBlanks(text: string): string {
  const collapsed = text.replace(gaps, (gap) => (WHITE_SPACE.test(gap) ? ' ' : gap.charAt(0)));
  return collapsed.slice(GAP.test(collapsed.charAt(0)) ? 1 : 0, GAP.test(collapsed.slice(-1)) ? -1 : undefined);
}

/** Replaces what phones, Word and keyboards of other languages write for typewriter marks. */
function foldMarks(text: string): string {
  return text
    .replace(apostrophes, "'")
    .replace(quotationMarks, '"')
    .replace(dashes, '-')
    .replace(tildes, '~')
    .replace(slashes, '/')
    .replace(drawnBlanks, ' ')
    .replaceAll('\u0640', '');
}

/** Letters and marks of a typewriter: most subjects, of which only the case has to be folded. */
const TYPEWRITTEN = /^[\x20-\x5F\x61-\x7E]*$/;

/** Single quotation marks, primes, free-standing accents, and letters and marks that look like these. */
const apostrophes =
  /[`´\u02B9\u02BB-\u02BF\u02C8\u02CA\u02CB\u02F4\u0374\u0384\u055A\u055D\u05F3\u07F4\u07F5\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE\u2018-\u201B\u2032\u2035\u2039\u203A\u275B\u275C\u275F\uA78B\uA78C\uFF07\uFF40]/g;
const quotationMarks =
  /[\u00AB\u00BB\u02BA\u02DD\u02EE\u05F4\u201C-\u201F\u2033\u2036\u275D\u275E\u2760\u276E\u276F\u2E42\u3003\u301D-\u301F\uFF02\u{1F676}-\u{1F678}]/gu;
/**
 * Hyphens, dashes, minus signs, Hebrew's maqaf and similar marks; not the long vowel of Japanese, which is a letter.
 */
const dashes = /[\u02D7\u2043\u23AF\u2500\u2501\u2796]|(?![\u301C\u3030\u2053])\p{Dash}/gu;
/** Japanese programs use these interchangeably. */
const tildes = /[\u02DC\u2053\u223C\u301C\u3030\uFF5E]/g;
const slashes = /[\u2044\u2215\u29F8]/g;
/** Characters that look like blanks but are not blanks to Unicode. */
const drawnBlanks = /[\u0085\u180E\u2800\u3164\uFFA0]/g;

const zeroWidth = /[\u200B\u200C\u2060\uFEFF]/g;
/** Joiners, variation selectors, direction marks: senders' programs put them between letters. */
const ignorable = /(?![\u00AD\u200B])\p{Default_Ignorable_Code_Point}/gu;
const hints = /[\u00AD\u200B]/g;
const WHITE_SPACE = /\s/;
const GAP = /[\s\u00AD\u200B]/;
const gaps = /[\s\u00AD\u200B]+/g;
