import { foldAmbiguously } from '../../domain/case-folding.ts';
import { createKeywordMatcher } from '../../domain/keyword-match.ts';

export interface MatchedRange {
  /** In UTF-16 units, as JavaScript's `slice` counts. */
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a subject that a keyword matched, as it is written there. Folding changes lengths (`ß` becomes two
 * letters), so both ends are searched: the shortest prefix that contains the keyword, then its shortest suffix that
 * does. Undefined when no part matches alone, as when a combining mark at its edge changes the letter.
 */
export function matchedRange(subject: string, keyword: string): MatchedRange | undefined {
  const matcher = createKeywordMatcher(keyword);
  const matches = (start: number, end: number) => matcher?.matches(foldAmbiguously(subject.slice(start, end))) ?? false;
  if (!matches(0, subject.length)) return undefined;
  const end = leastTrue(0, subject.length, (candidate) => matches(0, candidate));
  const cut = leastTrue(0, end, (candidate) => matches(end - candidate, end));
  const start = end - cut;
  return matches(start, end) ? { start, end } : undefined;
}

/** The least number in (from, to] for which the predicate holds; it must be monotonic and hold for `to`. */
function leastTrue(from: number, to: number, predicate: (candidate: number) => boolean): number {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (predicate(middle)) high = middle;
    else low = middle;
  }
  return high;
}
