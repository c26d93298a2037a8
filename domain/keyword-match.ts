import { foldAmbiguously, foldCase, MAYBE_BLANK, MAYBE_HYPHEN } from './case-folding.ts';

/** A keyword, ready to be looked for in many subjects. */
export interface KeywordMatcher {
  /** @param folded the subject by `foldAmbiguously` */
  matches(folded: string): boolean;
}

/** Undefined for a keyword of nothing but ignorable characters: it would match everything. */
export function createKeywordMatcher(keyword: string): KeywordMatcher | undefined {
  const written = foldAmbiguously(keyword);
  const plain = foldCase(keyword);
  if (plain === '') return undefined;
  const isPlain = written === plain;
  let pattern: RegExp | undefined;
  return {
    matches(folded) {
      // Nearly always: neither holds anything that can be read in two ways.
      if (isPlain && !HINT.test(folded)) return folded.includes(plain);
      if ((folded.match(HINTS)?.length ?? 0) > MOST_HINTS) return readings(folded).some((text) => text.includes(plain));
      pattern ??= ambiguousPattern(written);
      return pattern.test(folded);
    },
  };
}

const HINT = /[\u00AD\u200B]/;
const HINTS = /[\u00AD\u200B]/g;

/** More of them in one subject are not meant one by one, and to try each with each keyword would take seconds. */
const MOST_HINTS = 200;

/** All of them nothing, and all of them something. */
function readings(folded: string): readonly string[] {
  return [folded.replace(HINTS, ''), folded.replaceAll(MAYBE_BLANK, ' ').replaceAll(MAYBE_HYPHEN, '-')];
}

/**
 * Finds a keyword where either side has characters that are something or nothing. Each is matched in one way at each place,
 * so that nothing is tried twice.
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
