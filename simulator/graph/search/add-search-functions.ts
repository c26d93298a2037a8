import type { DatabaseSync } from 'node:sqlite';
import { textOfHtml } from '../../mail/text-of-html.ts';

/** Text of a body that is searched; a mail of megabytes is searched at its beginning. */
const SEARCHED_CHARACTERS = 200_000;

const KEPT_PATTERNS = 100;

/** Adds the SQL functions by which `$search` finds words: whole ones, in any case, as an index of words would. */
export function addSearchFunctions(database: DatabaseSync): void {
  const patterns = new Map<string, RegExp>();
  const patternOf = (words: string, isPrefix: boolean): RegExp => {
    const key = `${Number(isPrefix)}${words}`;
    const known = patterns.get(key);
    if (known) return known;
    if (patterns.size >= KEPT_PATTERNS) patterns.clear();
    const parts = words.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])${parts.join('[^\\p{L}\\p{N}]+')}${isPrefix ? '' : '(?![\\p{L}\\p{N}])'}`,
      'iu',
    );
    patterns.set(key, pattern);
    return pattern;
  };
  database.function('graph_has_words', { deterministic: true }, (text, words, isPrefix) =>
    Number(patternOf(String(words), isPrefix === 1).test(String(text))),
  );
  database.function('graph_body_text', { deterministic: true }, (text, html) =>
    html === '' ? String(text).slice(0, SEARCHED_CHARACTERS) : textOfHtml(String(html), SEARCHED_CHARACTERS),
  );
}
