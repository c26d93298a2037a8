import { foldAmbiguously, foldCase, MAYBE_BLANK, MAYBE_HYPHEN } from './case-folding.ts';

/** A keyword, prepared for matching many subjects. */
export interface KeywordMatcher {
  /** @param folded the subject by `foldAmbiguously` */
  matches(folded: string): boolean;
}

/** Undefined for a keyword of ignorable characters only, which would match everything. */
export function createKeywordMatcher(keyword: string): KeywordMatcher | undefined {
  const written = foldAmbiguously(keyword);
  const plain = foldCase(keyword);
  if (plain === '') return undefined;
  const isPlain = written === plain;
  let pattern: RegExp | undefined;
  return {
    matches(folded) {
      // The usual case: neither has ambiguous characters.
      if (isPlain && !HINT.test(folded)) return folded.includes(plain);
      if ((folded.match(HINTS)?.length ?? 0) > MOST_HINTS) return readings(folded).some((text) => text.includes(plain));
      pattern ??= ambiguousPattern(written);
      return pattern.test(folded);
    },
  };
}

const HINT = /[\u00AD\u200B]/;
const HINTS = /[\u00AD\u200B]/g;

/** With more of them, single ones carry no meaning, and trying each with each keyword would take seconds. */
const MOST_HINTS = 200;

/** Two readings: every ambiguous character as nothing, and every one as its blank or hyphen. */
function readings(folded: string): readonly string[] {
  return [folded.replace(HINTS, ''), folded.replaceAll(MAYBE_BLANK, ' ').replaceAll(MAYBE_HYPHEN, '-')];
}

/**
 * Finds a keyword where either side has ambiguous characters. Each is matched in one way at each place, which avoids
 * backtracking.
 */
function ambiguousPattern(keyword: string): RegExp {
  const parts = [...keyword].map((character) => {
    if (character === ' ') return `(?: |${MAYBE_BLANK})`;
    if (character === '-') return `(?:-|${MAYBE_HYPHEN})`;
    if (character === MAYBE_BLANK) return `[ ${MAYBE_BLANK}]?`;
    if (character === MAYBE_HYPHEN) return `[-${MAYBE_HYPHEN}]?`;
    return character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
  });
  return new RegExp(parts.join(`[${MAYBE_BLANK}${MAYBE_HYPHEN}]?`), 'u');
}
