import { placedWords } from './search-text.ts';

/** A part of a text; `hit`: it matches the search. */
export interface MarkedPart {
  readonly text: string;
  readonly hit: boolean;
}

/** Shorter lexemes would mark words that only begin alike. */
const SHORTEST_STEM = 4;

/**
 * A text with the words marked that a search found in it. The search goes by the stems of many languages; here, a word
 * matches that equals a lexeme or begins with one of four letters or more.
 */
export function markWords(text: string, lexemes: readonly string[]): readonly MarkedPart[] {
  const hits = findHits(text, lexemes);
  return partsOf(text, hits, 0, text.length);
}

/** The part of a text around its most telling matches, in about `length` characters; from its beginning without any. */
export function excerpt(text: string, lexemes: readonly string[], length: number): readonly MarkedPart[] {
  const hits = findHits(text, lexemes);
  let best: { readonly first: Hit; readonly words: number } | undefined;
  for (const [n, first] of hits.entries()) {
    const words = new Set<string>();
    for (let m = n; m < hits.length && (hits[m] as Hit).end - first.start <= length; m++)
      words.add((hits[m] as Hit).lexeme);
    if (best === undefined || words.size > best.words) best = { first, words: words.size };
  }
  const start = best === undefined ? 0 : wordStart(text, Math.max(0, best.first.start - LEAD_CHARACTERS));
  const end = Math.min(text.length, start + length);
  const parts = partsOf(text, hits, start, end);
  return [
    ...(start > 0 ? [{ text: '… ', hit: false }] : []),
    ...parts.map(({ text, hit }) => ({ text: text.replace(/\s+/g, ' '), hit })),
    ...(end < text.length ? [{ text: ' …', hit: false }] : []),
  ];
}
/** Of the sentence before the first match. */
const LEAD_CHARACTERS = 40;
/** Of a text with more matches the first decide. */
const MOST_HITS = 500;

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly lexeme: string;
}

function findHits(text: string, lexemes: readonly string[]): readonly Hit[] {
  const hits: Hit[] = [];
  if (lexemes.length === 0) return hits;
  const exact = new Set(lexemes);
  const stems = lexemes.filter(({ length }) => length >= SHORTEST_STEM);
  for (const { word, start, end } of placedWords(text)) {
    const lexeme = exact.has(word) ? word : stems.find((stem) => word.startsWith(stem));
    if (lexeme !== undefined) hits.push({ start, end, lexeme });
    if (hits.length >= MOST_HITS) break;
  }
  return hits;
}

function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const blank = text.slice(at, at + LEAD_CHARACTERS).search(/\s/);
  return blank === -1 ? at : at + blank + 1;
}

function partsOf(text: string, hits: readonly Hit[], from: number, to: number): readonly MarkedPart[] {
  const parts: MarkedPart[] = [];
  const add = (start: number, end: number, hit: boolean) => {
    if (start < end) parts.push({ text: text.slice(start, end), hit });
  };
  let at = from;
  for (const { start, end } of hits) {
    // Pairs of characters overlap.
    if (end <= at || start >= to) continue;
    add(at, Math.max(at, start), false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.min(end, to);
  }
  add(at, to, false);
  return parts;
}
