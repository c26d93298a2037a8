import type { DeskWords } from '../words/en/desk.ts';
import type { DraftRule } from './draft.ts';

/** As in the API: above this many keywords only equal ones are found, which keeps typing quick. */
const COMPARED_EACH_WITH_EACH = 1_000;

/**
 * Keywords that can never decide, per rule of a draft, while typing. Folds more simply than the API, whose own warnings
 * after saving are authoritative.
 */
export function keywordWarnings(
  rules: readonly DraftRule[],
  words: DeskWords['routing'],
): readonly (readonly string[])[] {
  const earlier = new Map<string, { readonly keyword: string; readonly rule: number }>();
  const isLarge = rules.reduce((sum, { keywords }) => sum + keywords.length, 0) > COMPARED_EACH_WITH_EACH;
  const shadowOf = (folded: string, rule: number) =>
    isLarge ? undefined : [...earlier].find(([other, { rule: its }]) => its < rule && folded.includes(other))?.[1];
  return rules.map(({ keywords }, rule) => {
    const warnings: string[] = [];
    for (const keyword of keywords) {
      const folded = fold(keyword);
      const equal = earlier.get(folded);
      const shadow = equal ?? shadowOf(folded, rule);
      if (equal?.rule === rule) warnings.push(words.duplicateHere(keyword));
      else if (equal) warnings.push(words.duplicate(keyword, equal.rule + 1));
      else if (shadow) warnings.push(words.shadowed(keyword, shadow.keyword, shadow.rule + 1));
      if (!equal) earlier.set(folded, { keyword, rule });
    }
    return warnings;
  });
}

function fold(keyword: string): string {
  return keyword.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replace(/\s+/g, ' ').trim();
}
