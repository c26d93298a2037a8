import { parseExtendedPropertyId } from './drafts/extended-property-id.ts';
import { type Column, type FilterColumns, MESSAGE_FILTER } from './filter-columns.ts';
import { GraphError, inefficientFilter } from './graph-error.ts';
import { parseConversationId } from './identifiers.ts';
import { splitOutside } from './parse-query.ts';

/** A restriction as SQL. */
export interface Restriction {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
  /** The properties that it mentions, in order. */
  readonly properties: readonly string[];
}

const OPERATORS = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/** Deeper than any client writes, and far from exhausting the stack. */
const DEEPEST = 20;

/**
 * Comparisons joined by `and`, `or` and `not`, in parentheses. Throws ErrorInvalidUrlQueryFilter for an invalid filter.
 */
export function parseFilter(filter: string, columns = MESSAGE_FILTER, depth = 0): Restriction {
  if (depth > DEEPEST) throw invalidFilter();
  const text = filter.trim();
  const alternatives = splitOutside(text, ' or ');
  if (alternatives.length > 1)
    return join(
      alternatives.map((part) => parseFilter(part, columns, depth + 1)),
      ' OR ',
    );
  const conditions = splitOutside(text, ' and ');
  if (conditions.length > 1)
    return join(
      conditions.map((part) => parseFilter(part, columns, depth + 1)),
      ' AND ',
    );
  const negated = /^not(?:\s+|(?=\())(.+)$/is.exec(text)?.[1];
  if (negated !== undefined) {
    const inner = parseFilter(negated, columns, depth + 1);
    return { ...inner, sql: `NOT (${inner.sql})` };
  }
  return isEnclosed(text) ? parseFilter(text.slice(1, -1), columns, depth + 1) : parseComparison(text, columns, depth);
}

function join(parts: readonly Restriction[], by: ' AND ' | ' OR '): Restriction {
  return {
    sql: parts.map((part) => (by === ' OR ' ? part.sql : `(${part.sql})`)).join(by),
    parameters: parts.flatMap((part) => part.parameters),
    properties: parts.flatMap((part) => part.properties),
  };
}

/** Whether the first parenthesis matches the last one: not so in `(a) and (b)`. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "'") isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === '(') depth += 1;
    else if (!isQuoted && text[at] === ')') depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

function parseComparison(text: string, columns: FilterColumns, depth: number): Restriction {
  const lambda = /^(\w+)\/(any|all)\(\s*(?:(\w+)\s*:\s*(.+))?\)$/is.exec(text);
  if (lambda) return parseLambda(lambda, columns, depth);
  const call = /^(startswith|contains)\(\s*([\w/]+)\s*,\s*'((?:[^']|'')*)'\s*\)$/i.exec(text);
  if (call) {
    const [, name = '', property = '', literal = ''] = call;
    const column = getColumn(columns, property, 'text');
    const escaped = literal.replaceAll("''", "'").replace(/[\\%_]/g, '\\$&');
    const pattern = name.toLowerCase() === 'startswith' ? `${escaped}%` : `%${escaped}%`;
    return { sql: `${column.sql} LIKE ? ESCAPE '\\'`, parameters: [pattern], properties: [property] };
  }
  const [, property = '', operator = '', value = ''] = /^([\w/]+)\s+(eq|ne|gt|ge|lt|le)\s+(.+)$/i.exec(text) ?? [];
  const column = getColumn(columns, property);
  const sign = OPERATORS[operator.toLowerCase() as keyof typeof OPERATORS];
  const restriction = compare(column, sign, value.trim());
  return { ...restriction, properties: [property] };
}

/** `toRecipients/any(r:r/emailAddress/address eq '…')`: inside the parentheses the variable stands for one element. */
function parseLambda(lambda: RegExpExecArray, columns: FilterColumns, depth: number): Restriction {
  const [, name = '', quantifier = '', variable, predicate] = lambda;
  const collection = columns.collections.get(name);
  const isAny = quantifier.toLowerCase() === 'any';
  if (!collection || (variable === undefined && !isAny)) throw invalidFilter();
  if (variable === undefined || predicate === undefined) {
    return { sql: `EXISTS (SELECT 1 FROM ${collection.sql})`, parameters: [], properties: [name] };
  }
  const elements = new Map(Array.from(collection.elements, ([below, column]) => [`${variable}${below}`, column]));
  const { sql, parameters } = parseFilter(predicate, { properties: elements, collections: new Map() }, depth + 1);
  const matching = `SELECT 1 FROM ${collection.sql} WHERE`;
  const exists = isAny ? `EXISTS (${matching} ${sql})` : `NOT EXISTS (${matching} NOT (${sql}))`;
  return { sql: exists, parameters, properties: [name] };
}

function compare(column: Column, sign: string, value: string): { sql: string; parameters: (string | number)[] } {
  if (column.kind === 'boolean') {
    if (!/^(true|false)$/i.test(value)) throw invalidFilter();
    return { sql: `${column.sql} ${sign} ?`, parameters: [value.toLowerCase() === 'true' ? 1 : 0] };
  }
  if (column.kind === 'number') {
    if (!/^-?\d{1,9}$/.test(value)) throw invalidFilter();
    return { sql: `${column.sql} ${sign} ?`, parameters: [Number(value)] };
  }
  if (column.kind === 'property-id') {
    const literal = /^'((?:[^']|'')*)'$/.exec(value)?.[1];
    if (literal === undefined) throw invalidFilter();
    return { sql: `${column.sql} ${sign} ?`, parameters: [parseExtendedPropertyId(literal.replaceAll("''", "'")).key] };
  }
  if (column.kind === 'text' || column.kind === 'exact') {
    const literal = /^'((?:[^']|'')*)'$/.exec(value)?.[1];
    if (literal === undefined) throw invalidFilter();
    const collation = column.kind === 'text' ? ' COLLATE NOCASE' : '';
    return { sql: `${column.sql} ${sign} ?${collation}`, parameters: [literal.replaceAll("''", "'")] };
  }
  if (column.kind === 'conversation') {
    const id = /^'([^']*)'$/.exec(value)?.[1];
    if (id === undefined || (sign !== '=' && sign !== '<>')) throw invalidFilter();
    const bytes = parseConversationId(id) ?? new Uint8Array();
    return { sql: `${column.sql} ${sign} ?`, parameters: [Buffer.from(bytes).toString('hex').toUpperCase()] };
  }
  return { sql: `${column.sql} ${sign} ?`, parameters: [parseSeconds(value)] };
}

/** Seconds since 1970, with any fraction. */
function parseSeconds(value: string): number {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/i.test(value);
  const milliseconds = isDate ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw invalidFilter();
  return milliseconds / 1000;
}

function getColumn({ properties }: FilterColumns, property: string, kind?: Column['kind']): Column {
  const column = properties.get(property);
  if (!column || (kind && column.kind !== kind)) throw invalidFilter();
  return column;
}

function invalidFilter(): GraphError {
  return new GraphError(400, 'ErrorInvalidUrlQueryFilter', 'The query filter contains one or more invalid nodes.');
}

/**
 * The only filter of delta: `receivedDateTime ge|gt …` (learn.microsoft.com/graph/api/message-delta). Returns the
 * earliest time in seconds, inclusive.
 */
export function parseDeltaFilter(filter: string): number {
  const match = /^receivedDateTime\s+(ge|gt)\s+(\S+)$/i.exec(filter.trim());
  if (!match?.[2]) {
    // The text of microsoft-graph-docs#18636.
    const only = "only a value of 'receivedDateTime ge value' is supported.";
    const message = `The '$filter' parameter value is not supported for 'Messages' resource; ${only}`;
    throw new GraphError(400, 'ErrorInvalidUrlQuery', message);
  }
  const seconds = parseSeconds(match[2]);
  return match[1]?.toLowerCase() === 'gt' ? Math.floor(seconds) + 1 : Math.ceil(seconds);
}

const ORDERS: ReadonlyMap<string, string> = new Map([
  ['receivedDateTime', 'm.received_at'],
  ['lastModifiedDateTime', 'm.modified_at'],
  ['sentDateTime', 'm.sent_at'],
  ['subject', 'm.subject'],
]);

/**
 * `$orderby` as SQL. With a filter, the filter's first properties must be those of the order
 * (learn.microsoft.com/graph/query-parameters). Without an order: newest first.
 */
export function parseOrder(orderBy: string | null, filter: Restriction | null): string {
  if (orderBy === null) return 'm.received_at DESC, m.number DESC';
  const terms = orderBy.split(',').map((term) => /^([\w/]+)(?:\s+(asc|desc))?$/i.exec(term.trim()));
  const names = terms.map((term) => term?.[1] ?? '');
  if (filter && names.some((name, index) => filter.properties[index] !== name)) throw inefficientFilter();
  const columns = terms.map((term) => {
    const column = ORDERS.get(term?.[1] ?? '');
    if (!column) throw inefficientFilter();
    return `${column} ${term?.[2]?.toLowerCase() === 'desc' ? 'DESC' : 'ASC'}`;
  });
  const last = terms.at(-1)?.[2]?.toLowerCase() === 'desc' ? 'DESC' : 'ASC';
  return [...columns, `m.number ${last}`].join(', ');
}
