import { placedWords } from './search-text.ts';

/** Parts of a message that a term can be limited to. */
export const searchFields = ['subject', 'from', 'to', 'file'] as const;
export type SearchField = (typeof searchFields)[number];

/** Words that follow each other. */
export interface SearchTerm {
  readonly words: readonly string[];
  readonly field: SearchField | undefined;
  /** The last word may go on. */
  readonly isPrefix: boolean;
}

/** What was typed, understood. */
export interface SearchQuery {
  readonly wanted: readonly SearchTerm[];
  readonly excluded: readonly SearchTerm[];
}

/** More terms are no question. */
export const MOST_TERMS = 16;
/** A prefix of fewer letters stands for thousands of words. */
const SHORTEST_PREFIX = 3;

const fieldNames: Readonly<Record<string, SearchField>> = {
  subject: 'subject',
  betreff: 'subject',
  from: 'from',
  von: 'from',
  to: 'to',
  an: 'to',
  file: 'file',
  datei: 'file',
};
const TERM = new RegExp(`(-?)(?:(${Object.keys(fieldNames).join('|')}):)?(?:"([^"]*)("?)|([^\\s"]+))`, 'giu');

/**
 * Reads a search: words that must all occur, `"words in this order"`, `-without`, `from:`, `to:`, `subject:`, `file:`,
 * and `word*`. The word that is being typed, the last one, counts as the beginning of a word. Any text is a search; what
 * holds no letter or digit asks for nothing. Undefined when it has too many terms.
 */
export function parseSearch(text: string): SearchQuery | undefined {
  const wanted: SearchTerm[] = [];
  const excluded: SearchTerm[] = [];
  for (const { 0: all, 1: minus, 2: name, 3: quoted, 4: quoteEnd, 5: bare, index } of text.matchAll(TERM)) {
    const content = quoted ?? bare ?? '';
    const placed = [...placedWords(content)];
    const last = placed.at(-1);
    if (last === undefined) continue;
    const words = placed.map(({ start, end }) => content.slice(start, end));
    const isTyped = index + all.length === text.length && quoteEnd !== '"';
    const isPrefix = (isTyped || content.endsWith('*')) && last.word.length >= SHORTEST_PREFIX;
    const field = name === undefined ? undefined : fieldNames[name.toLowerCase()];
    (minus === '-' ? excluded : wanted).push({ words, field, isPrefix });
  }
  return wanted.length + excluded.length > MOST_TERMS ? undefined : { wanted, excluded };
}

/** True when words of the index alone do not tell what matches: words must follow each other, or stand in a part. */
export function readsDocuments({ wanted, excluded }: SearchQuery): boolean {
  return [...wanted, ...excluded].some(({ words, field }) => words.length > 1 || field !== undefined);
}

/** The weights of the index (database/search/write-documents.ts). */
const weightOf: Readonly<Record<SearchField, string>> = { subject: 'A', from: 'B', to: 'C', file: 'C' };

/** Terms as PostgreSQL's `to_tsquery` takes them: all of them (`&`) or any (`|`). Empty for no terms. */
export function tsquerySource(terms: readonly SearchTerm[], operator: '&' | '|'): string {
  return terms
    .map(({ words, field, isPrefix }) => {
      const weight = field === undefined ? '' : weightOf[field];
      const followed = words.map((word, n) => {
        const marks = `${weight}${isPrefix && n === words.length - 1 ? '*' : ''}`;
        const spelled = spellings(word).map((spelling) => `'${spelling}'${marks === '' ? '' : `:${marks}`}`);
        return spelled.length === 1 ? spelled[0] : `(${spelled.join(' | ')})`;
      });
      return `(${followed.join(' <-> ')})`;
    })
    .join(` ${operator} `);
}

/** A word as it is indexed; with an umlaut in both spellings: `Müller` finds `Mueller`, and the other way round. */
export function spellings(word: string): readonly string[] {
  const folded = Array.from(placedWords(word), (placed) => placed.word).join(' ');
  const written = Array.from(
    placedWords(word.normalize('NFC').toLowerCase().replace(/[äöü]/g, '$&e')),
    (placed) => placed.word,
  );
  const contracted = folded.replace(/(?<![aeiou])([aou])e(?=[^aeiou])/g, '$1');
  return [...new Set([folded, written.join(' '), contracted])].filter((spelling) => spelling !== '');
}

/** A query as it can be typed. */
export function searchAsText({ wanted, excluded }: SearchQuery): string {
  const write = ({ words, field }: SearchTerm) => {
    const text = words.join(' ');
    return `${field === undefined ? '' : `${field}:`}${words.length > 1 ? `"${text}"` : text}`;
  };
  return [...wanted.map(write), ...excluded.map((term) => `-${write(term)}`)].join(' ');
}
