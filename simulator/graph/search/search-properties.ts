import { badRequest } from '../graph-error.ts';
import type { SearchTerm } from './tokenize-search.ts';

interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

type Property = (term: SearchTerm) => Condition;

const SUBJECT = "coalesce(m.subject, '')";
const BODY = "graph_body_text(coalesce(m.body_text, ''), coalesce(m.body_html, ''))";
const inContent = (...names: string[]): string =>
  names.map((name) => `coalesce(json_extract(m.content, '$.${name}'), '')`).join(" || ' ' || ");
const FROM = inContent('from', 'sender');
const FILES = "coalesce((SELECT group_concat(name, ' ') FROM graph_attachments WHERE message_id = m.id), '')";

function words(...columns: string[]): Property {
  return ({ text, isPrefix }) => ({
    sql: columns.map((column) => `graph_has_words(${column}, ?, ?)`).join(' OR '),
    parameters: columns.flatMap(() => [text, Number(isPrefix)]),
  });
}

function time(column: string): Property {
  return ({ text, operator }) => {
    const [, from = '', to] = /^(.+?)\.\.(.+)$/.exec(text) ?? [null, text];
    const [first, last] = [secondsOf(from), secondsOf(to ?? from)];
    const dayEnd = (seconds: number): number => seconds + (/T/.test(to ?? from) ? 0 : 86_399);
    if (to !== undefined || operator === ':' || operator === '=') {
      return { sql: `${column} BETWEEN ? AND ?`, parameters: [first, dayEnd(last)] };
    }
    const bound = operator === '>' || operator === '<=' ? dayEnd(first) : first;
    return { sql: `${column} ${operator} ?`, parameters: [bound] };
  };
}

function secondsOf(text: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Date.parse(`${text} UTC`);
  if (Number.isNaN(milliseconds)) throw badRequest(`Syntax error: '${text}' is no date.`);
  return Math.floor(milliseconds / 1000);
}

/** The properties of a search (learn.microsoft.com/graph/search-query-parameter), by name in lower case. */
export const SEARCH_PROPERTIES: ReadonlyMap<string, Property> = new Map([
  ['subject', words(SUBJECT)],
  ['body', words(BODY)],
  ['from', words(FROM)],
  ['to', words(inContent('toRecipients'))],
  ['cc', words(inContent('ccRecipients'))],
  ['bcc', words(inContent('bccRecipients'))],
  ['recipients', words(inContent('toRecipients', 'ccRecipients', 'bccRecipients'))],
  ['participants', words(inContent('from', 'sender', 'toRecipients', 'ccRecipients', 'bccRecipients'))],
  ['attachment', words(FILES)],
  ['category', words(inContent('categories'))],
  ['importance', ({ text }) => ({ sql: 'm.importance = ?', parameters: [text.toLowerCase()] })],
  ['received', time('m.received_at')],
  ['sent', time('m.sent_at')],
  ...['hasattachment', 'hasattachments'].map(
    (name) =>
      [
        name,
        ({ text }: SearchTerm) => ({
          sql: 'm.has_attachments = ?',
          parameters: [Number(/^(?:true|yes)$/i.test(text))],
        }),
      ] as const,
  ),
]);

/** Where a word without a property is looked for. */
export const UNNAMED: Property = words(SUBJECT, FROM, BODY);
