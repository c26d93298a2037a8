import type { Attribute } from './attributes.ts';
import { findAttribute, type ResourceSchema } from './attributes.ts';
import { ScimRefusal } from './refusal.ts';

/** A resource with the names of its schema; what the schema does not have is left out. */
export type ResourceValues = Readonly<Record<string, Value>>;
export type Value = string | boolean | Entry | readonly Entry[];
export type Entry = Readonly<Record<string, string | boolean>>;

/** Longer names and addresses are mistakes. */
const LONGEST_TEXT = 500;
/** Of a person. */
const MOST_VALUES = 20;
/** Of a group; also what one request of 1 MB can name. */
export const MOST_MEMBERS = 10_000;
const unshowable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Reads the body of POST and PUT. Attributes that Mailroom does not have are left out, as RFC 7644 (3.3) asks. */
export function readResource(schema: ResourceSchema, body: unknown): ResourceValues {
  if (!isObject(body)) throw new ScimRefusal('invalidSyntax', 'The body has to be a JSON object: a SCIM resource.');
  const { schemas } = body;
  if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some((each) => sameText(each, schema.id)))) {
    throw new ScimRefusal('invalidSyntax', `The resource has to name the schema ${schema.id}.`);
  }
  return readObject(schema.attributes, body);
}

function readObject(attributes: readonly Attribute[], given: Readonly<Record<string, unknown>>): ResourceValues {
  const values: Record<string, Value> = {};
  for (const [name, each] of Object.entries(given)) {
    const attribute = findAttribute(attributes, name);
    if (!attribute || attribute.mutability === 'readOnly') continue;
    const value = readValue(attribute, each);
    if (value !== undefined) values[attribute.name] = value;
  }
  return values;
}

/** A value of an attribute as Mailroom keeps it. Undefined: it has none, as with null, an empty text or an empty list. */
export function readValue(attribute: Attribute, value: unknown): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (attribute.multiValued) return readEntries(attribute, value);
  return attribute.type === 'complex' ? readEntry(attribute, value) : readSimple(attribute, value);
}

function readEntries(attribute: Attribute, value: unknown): readonly Entry[] | undefined {
  const most = attribute.name === 'members' ? MOST_MEMBERS : MOST_VALUES;
  // Some providers send the one value by itself.
  const list = Array.isArray(value) ? value : [value];
  if (list.length > most) throw invalid(attribute, `has more than ${most} values`);
  const entries = list.map((each) => readEntry(attribute, isObject(each) ? each : { value: each }));
  return entries.filter((entry) => entry !== undefined);
}

function readEntry(attribute: Attribute, value: unknown): Entry | undefined {
  if (!isObject(value)) throw invalid(attribute, 'is not an object');
  const entry: Record<string, string | boolean> = {};
  for (const [name, each] of Object.entries(value)) {
    const sub = findAttribute(attribute.subAttributes, name);
    const read = sub && each !== null && each !== undefined ? readSimple(sub, each) : undefined;
    if (sub && read !== undefined) entry[sub.name] = read;
  }
  return Object.keys(entry).length > 0 ? entry : undefined;
}

/** Entra sends booleans as texts: `"False"`. */
function readSimple(attribute: Attribute, value: unknown): string | boolean | undefined {
  if (attribute.type === 'boolean') {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    if (word === 'true' || word === 'false') return word === 'true';
    throw invalid(attribute, 'is neither true nor false');
  }
  if (typeof value !== 'string') throw invalid(attribute, 'is not a text');
  if (value.length > LONGEST_TEXT) throw invalid(attribute, `is longer than ${LONGEST_TEXT} characters`);
  if (unshowable.test(value) || !value.isWellFormed()) throw invalid(attribute, 'has characters that cannot be shown');
  return value.trim() === '' ? undefined : value;
}

function invalid({ name }: Attribute, what: string): ScimRefusal {
  return new ScimRefusal('invalidValue', `The attribute ${name} ${what}.`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameText(value: unknown, text: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
}
