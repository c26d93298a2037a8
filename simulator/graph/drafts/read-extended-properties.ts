import { badRequest } from '../graph-error.ts';
import type { ExtendedProperty } from './create-extended-properties.ts';
import { parseExtendedPropertyId } from './extended-property-id.ts';

/** `singleValueExtendedProperties` of a request: `[{ id, value }]`, every value a text. */
export function readExtendedProperties(given: unknown): ExtendedProperty[] {
  if (!Array.isArray(given)) throw badRequest('singleValueExtendedProperties must be a collection.');
  return given.map((each) => {
    const { id, value } = (each ?? {}) as Record<string, unknown>;
    if (typeof value !== 'string') throw badRequest('The value of an extended property must be a string.');
    return { ...parseExtendedPropertyId(id), value };
  });
}
