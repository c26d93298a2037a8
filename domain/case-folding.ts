/**
 * Folds text so that two spellings that people read as the same become equal: Unicode compatibility normalisation
 * (NFKC), full case folding, ignorable characters removed, every run of white space one blank, ends trimmed.
 *
 * JavaScript has no case folding. Lower, upper and again lower case gives the full mapping (`ẞ` → `ß` → `SS` → `ss`);
 * two things remain: the final sigma that `toLowerCase` makes by context, and the dot above that `İ` leaves behind
 * (`i` + U+0307). The dot is dropped, and `ı` becomes `i` on the way through upper case, so that Turkish words match
 * whichever of the four letters somebody typed.
 */
export function foldCase(text: string): string {
  return text
    .normalize('NFKC')
    .replace(ignorable, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .replaceAll('i\u0307', 'i')
    .replace(whiteSpace, ' ')
    .trim();
}

/** Soft hyphens, zero-width blanks, joiners, variation selectors: senders put them between letters. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;
const whiteSpace = /\s+/gu;
