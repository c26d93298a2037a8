import type { DeskWords } from '../words/en/desk.ts';
import type { DraftRule } from './draft.ts';

/**
 * Keywords that can never decide, per rule of a draft, while typing. Folds more simply than the API, whose own warnings
 * after saving are authoritative.
 */
export function keywordWarnings(
  rules: readonly DraftRule[],
  words: DeskWords['routing'],
): readonly (readonly string[])[] {
  const earlier: { readonly folded: string; readonly keyword: string; readonly rule: number }[] = [];
  return rules.map(({ keywords }, rule) => {
    const warnings: string[] = [];
    for (const keyword of keywords) {
      const folded = fold(keyword);
      const equal = earlier.find((other) => other.folded === folded);
      const shadow = earlier.find((other) => other.rule < rule && folded.includes(other.folded));
      if (equal?.rule === rule) warnings.push(words.duplicateHere(keyword));
      else if (equal) warnings.push(words.duplicate(keyword, equal.rule + 1));
      else if (shadow) warnings.push(words.shadowed(keyword, shadow.keyword, shadow.rule + 1));
      earlier.push({ folded, keyword, rule });
    }
    return warnings;
  });
}

function fold(keyword: string): string {
  return keyword.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replace(/\s+/g, ' ').trim();
}
