import { filter as matcher } from 'scim2-parse-filter';
import { type Attribute, findAttribute, type ResourceSchema } from './attributes.ts';
import { parseFilter } from './filters.ts';
import { type Entry, isObject, type ResourceValues, readValue, type Value } from './read-values.ts';
import { ScimRefusal } from './refusal.ts';

type Op = 'add' | 'replace' | 'remove';
/** In one request. Entra sends one for each attribute that changed. */
const MOST_OPERATIONS = 1_000;
const LONGEST_PATH = 500;

interface Path {
  readonly name: string;
  /** Which of the values of the attribute. */
  readonly filter: string | undefined;
  readonly sub: string | undefined;
}

/** `attribute`, `attribute.sub`, `attribute[filter]`, `attribute[filter].sub`; RFC 7644, section 3.5.2. */
const pathForm = /^([A-Za-z][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z$][\w$.-]*))?$/s;

/**
 * Applies the operations of a PATCH body to a resource, in their order. Takes what Entra and Okta send beside the RFC:
 * operations in any case, values without a path whose names are paths, and a `replace` of a value that is not there.
 * Attributes that Mailroom does not have are passed over, since providers send all that they map.
 */
export function applyPatch(schema: ResourceSchema, before: ResourceValues, body: unknown): ResourceValues {
  return operationsOf(body).reduce<ResourceValues>((values, operation) => apply(schema, values, operation), before);
}

function operationsOf(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  const key = isObject(body) ? Object.keys(body).find((name) => name.toLowerCase() === 'operations') : undefined;
  const operations = isObject(body) && key !== undefined ? body[key] : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimRefusal('invalidSyntax', 'The body has to have a list of Operations.');
  }
  if (operations.length > MOST_OPERATIONS) {
    throw new ScimRefusal('invalidValue', `There are more than ${MOST_OPERATIONS} operations. Send fewer at a time.`);
  }
  return operations.map((each) => {
    if (!isObject(each)) throw new ScimRefusal('invalidSyntax', 'An operation is not an object.');
    return each;
  });
}

function apply(schema: ResourceSchema, values: ResourceValues, given: Readonly<Record<string, unknown>>) {
  const op = typeof given.op === 'string' ? given.op.toLowerCase() : '';
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new ScimRefusal('invalidSyntax', 'The op of an operation has to be add, replace or remove.');
  }
  const { path, value } = given;
  if (path === undefined || path === null || path === '') {
    if (op === 'remove') throw new ScimRefusal('noTarget', 'An operation that removes needs a path.');
    if (!isObject(value)) throw new ScimRefusal('invalidValue', 'Without a path, the value has to be an object.');
    return applyObject(schema, values, op, value);
  }
  if (typeof path !== 'string' || path.length > LONGEST_PATH) throw badPath(String(path));
  return applyAt(schema, values, op, path, value, { isNamed: true });
}

/** Each name of a value without a path is a path itself: `name.familyName`, `emails[type eq "work"].value`. */
function applyObject(
  schema: ResourceSchema,
  values: ResourceValues,
  op: Exclude<Op, 'remove'>,
  given: Readonly<Record<string, unknown>>,
): ResourceValues {
  return Object.entries(given).reduce((changed, [name, value]) => {
    if (name.toLowerCase() === schema.id.toLowerCase() && isObject(value))
      return applyObject(schema, changed, op, value);
    return applyAt(schema, changed, op, name, value, { isNamed: false });
  }, values);
}

/** `isNamed`: the path was given as one. What is read only is passed over elsewhere: Okta sends the id along. */
function applyAt(
  schema: ResourceSchema,
  values: ResourceValues,
  op: Op,
  path: string,
  value: unknown,
  { isNamed }: { readonly isNamed: boolean },
): ResourceValues {
  const parsed = readPath(schema, path);
  if (!parsed) return values;
  const attribute = findAttribute(schema.attributes, parsed.name);
  if (!attribute) return values;
  if (attribute.mutability === 'readOnly') {
    if (!isNamed) return values;
    throw new ScimRefusal('mutability', `The attribute ${attribute.name} cannot be changed.`);
  }
  const next = changed(attribute, values[attribute.name], op, parsed, value);
  if (next === undefined && attribute.required) {
    throw new ScimRefusal('invalidValue', `The attribute ${attribute.name} is required.`);
  }
  const { [attribute.name]: _before, ...others } = values;
  return next === undefined ? others : { ...others, [attribute.name]: next };
}

/** Undefined: the path is of another schema, such as the enterprise extension. */
function readPath(schema: ResourceSchema, text: string): Path | undefined {
  let path = text.trim();
  if (path.toLowerCase().startsWith(`${schema.id.toLowerCase()}:`)) path = path.slice(schema.id.length + 1);
  else if (/^urn:/i.test(path)) return undefined;
  const [, name, filter, sub] = pathForm.exec(path) ?? [];
  if (name === undefined) throw badPath(text);
  return { name, filter, sub };
}

function changed(
  attribute: Attribute,
  before: Value | undefined,
  op: Op,
  path: Path,
  value: unknown,
): Value | undefined {
  if (attribute.multiValued) return changedList(attribute, (before ?? []) as readonly Entry[], op, path, value);
  if (path.filter !== undefined) throw badPath(`${path.name}[…]`);
  if (path.sub === undefined) {
    if (op === 'remove') return undefined;
    const read = readValue(attribute, value);
    // What a complex value does not name stays.
    return attribute.type === 'complex' && isObject(read) && isObject(before)
      ? { ...before, ...(read as Entry) }
      : read;
  }
  if (attribute.type !== 'complex') throw badPath(`${path.name}.${path.sub}`);
  return changedEntry(attribute, (before ?? {}) as Entry, op, path.sub, value);
}

function changedEntry(attribute: Attribute, before: Entry, op: Op, name: string, value: unknown): Entry | undefined {
  const sub = findAttribute(attribute.subAttributes, name);
  if (!sub) return Object.keys(before).length > 0 ? before : undefined;
  const { [sub.name]: _before, ...others } = before;
  const read = op === 'remove' ? undefined : readValue(sub, value);
  const entry = read === undefined ? others : { ...others, [sub.name]: read as string | boolean };
  return Object.keys(entry).length > 0 ? entry : undefined;
}

function changedList(
  attribute: Attribute,
  before: readonly Entry[],
  op: Op,
  { filter, sub }: Path,
  value: unknown,
): readonly Entry[] | undefined {
  if (filter === undefined && sub === undefined) return wholeList(attribute, before, op, value);
  const matches = filter === undefined ? () => true : matcherOf(attribute, filter);
  const found = new Set(before.filter(matches));
  if (op === 'remove') {
    if (sub === undefined) return filled(before.filter((entry) => !found.has(entry)));
    return filled(before.map((entry) => (found.has(entry) ? changedEntry(attribute, entry, op, sub, value) : entry)));
  }
  const replaced = (entry: Entry) => {
    if (sub !== undefined) return changedEntry(attribute, entry, op, sub, value);
    const [read] = (readValue(attribute, value) ?? []) as readonly Entry[];
    return read && { ...entry, ...read };
  };
  // Entra replaces an address that a person does not have yet.
  if (found.size === 0) {
    const made = replaced(filter === undefined ? {} : namedBy(attribute, filter));
    return filled([...before, made]);
  }
  const next = before.map((entry) => (found.has(entry) ? replaced(entry) : entry));
  return onePrimary(filled(next) ?? [], before);
}

function wholeList(
  attribute: Attribute,
  before: readonly Entry[],
  op: Op,
  value: unknown,
): readonly Entry[] | undefined {
  if (op === 'remove' && (value === undefined || value === null)) return undefined;
  const given = (readValue(attribute, value) ?? []) as readonly Entry[];
  if (op === 'replace') return filled(byValue(given));
  const values = new Set(given.map((entry) => entry.value));
  if (op === 'remove') return filled(before.filter((entry) => !values.has(entry.value as string)));
  const merged = filled(byValue([...before, ...given])) ?? [];
  return onePrimary(merged, before);
}

/** One entry for each value; the last one counts. */
function byValue(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.value, entry])).values()];
}

/** A new primary value takes the place of the old one (RFC 7644, section 3.5.2). */
function onePrimary(entries: readonly Entry[], before: readonly Entry[]): readonly Entry[] {
  const primary = entries.filter((entry) => entry.primary === true);
  if (primary.length < 2) return entries;
  const old = new Set(before);
  const newest = primary.findLast((entry) => !old.has(entry)) ?? primary.at(-1);
  return entries.map((entry) => (entry.primary === true && entry !== newest ? { ...entry, primary: false } : entry));
}

function filled(entries: readonly (Entry | undefined)[]): readonly Entry[] | undefined {
  const left = entries.filter((entry) => entry !== undefined);
  return left.length > 0 ? left : undefined;
}

/** A comparison by `eq` without the library, which takes seconds for the members of a large group. */
function matcherOf(attribute: Attribute, text: string): (entry: Entry) => boolean {
  const parsed = pathFilter(text);
  const sub = parsed.op === 'eq' ? findAttribute(attribute.subAttributes, parsed.attrPath) : undefined;
  if (parsed.op !== 'eq' || !sub) return matcher(parsed);
  const folded = (value: unknown) => (sub.caseExact ? String(value) : String(value).toLowerCase());
  const wanted = folded(parsed.compValue);
  return (entry) => entry[sub.name] !== undefined && folded(entry[sub.name]) === wanted;
}

function pathFilter(text: string) {
  try {
    return parseFilter(text);
  } catch (cause) {
    throw new ScimRefusal('invalidFilter', 'The filter in the path of an operation cannot be read.', { cause });
  }
}

/** What a filter by `eq` says of the value that it looks for. */
function namedBy(attribute: Attribute, text: string): Entry {
  const parsed = pathFilter(text);
  if (parsed.op !== 'eq') throw new ScimRefusal('noTarget', `No value of ${attribute.name} fits the path.`);
  const sub = findAttribute(attribute.subAttributes, parsed.attrPath);
  const read = sub && readValue(sub, parsed.compValue);
  return sub && read !== undefined ? { [sub.name]: read as string | boolean } : {};
}

function badPath(path: string): ScimRefusal {
  return new ScimRefusal('invalidPath', `The path ${path.slice(0, 100)} is not one of this resource.`);
}
