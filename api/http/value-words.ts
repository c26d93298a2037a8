import type { z } from 'zod';
import { valueReasons } from './value-problem.ts';

/**
 * What is wrong with one value, for the sender, in words that continue the name of the field: "must be a text".
 * Undefined: zod's own words are used. Never repeats the value.
 */
export const valueWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? valueReasons.missing
        : `must be ${kinds[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `must be ${alternatives(issue.values.map(String))}`;
    case 'too_small':
      return limitWords(issue.origin, Number(issue.minimum), 'at least');
    case 'too_big':
      return limitWords(issue.origin, Number(issue.maximum), 'at most');
    case 'invalid_format':
      return issue.format === 'uuid' ? valueReasons['no-id'] : undefined;
    default:
      return undefined;
  }
};

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a time',
};

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

function limitWords(origin: string, limit: number, comparison: 'at least' | 'at most'): string {
  const unit = units[origin];
  if (!unit) return `must be ${comparison} ${limit}`;
  if (comparison === 'at least' && limit === 1) return valueReasons.empty;
  return `must have ${comparison} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

function alternatives(values: readonly string[]): string {
  const quoted = values.map((value) => `"${value}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
