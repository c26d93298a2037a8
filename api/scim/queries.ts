import type { Page } from '../../database/provisioning/conditions.ts';
import { ScimRefusal } from './refusal.ts';

/** Identity providers page by 100. */
const USUAL_COUNT = 100;
export const MOST_RESULTS = 200;
const LAST_INDEX = 1_000_000_000;

/** Of a request, by what RFC 7644 (3.4.2.4, 3.9) says; parameters that are not known are passed over. */
export interface ScimQuery {
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  readonly page: Page;
  /** Whether an attribute is asked for. */
  readonly shows: (attribute: string) => boolean;
  /** True: the request names the attributes that it wants. */
  readonly namesAttributes: boolean;
}

export function readQuery(query: unknown): ScimQuery {
  const given = (query ?? {}) as Readonly<Record<string, unknown>>;
  const filter = text(given, 'filter');
  const startIndex = Math.max(1, whole(given, 'startIndex', 1));
  const limit = Math.min(MOST_RESULTS, Math.max(0, whole(given, 'count', USUAL_COUNT)));
  const only = names(text(given, 'attributes'));
  const without = names(text(given, 'excludedAttributes'));
  return {
    filter: filter === '' ? undefined : filter,
    startIndex,
    page: { offset: startIndex - 1, limit },
    shows: (attribute) => {
      const name = attribute.toLowerCase();
      return only.size > 0 ? only.has(name) : !without.has(name);
    },
    namesAttributes: only.size > 0,
  };
}

function text(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new ScimRefusal('invalidValue', `The parameter ${name} is given twice.`);
  return value;
}

function whole(given: Readonly<Record<string, unknown>>, name: string, usual: number): number {
  const value = text(given, name);
  if (value === undefined || value === '') return usual;
  if (!/^-?\d{1,15}$/.test(value)) {
    throw new ScimRefusal('invalidValue', `The parameter ${name} has to be a whole number.`);
  }
  return Math.min(LAST_INDEX, Number(value));
}

/** Of `name.familyName` or `urn:…:User:name`, the attribute `name`. */
function names(list = ''): ReadonlySet<string> {
  const attributes = list
    .split(',')
    .map(
      (each) =>
        each
          .trim()
          .replace(/^urn:.*:/i, '')
          .split('.')[0]
          ?.toLowerCase() ?? '',
    )
    .filter((each) => each !== '');
  return new Set(attributes);
}
