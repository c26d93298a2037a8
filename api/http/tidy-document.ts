type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const REFERENCE = '#/components/schemas/';
/** The suffix that the generator adds to schema names of request bodies. */
const INPUT = /Input$/;

/**
 * Tidies a generated OpenAPI document, in which every schema exists once for requests and once for answers: drops
 * unused schemas, gives those that only requests use their plain name, drops the bounds of JavaScript's integers, which
 * are no constraint for clients, and writes alternatives so that generators of clients understand them.
 */
export function tidyDocument<Document extends object>(document: Document): Document {
  const { components, ...rest } = document as { components?: { schemas?: Record<string, Json> } };
  const schemas = components?.schemas ?? {};
  const used = usedSchemas(rest as Json, schemas);
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const plainName = (name: string) => {
    const plain = name.replace(INPUT, '');
    return used.has(plain) ? name : plain;
  };
  const tidied = { ...rest, components: { ...components, schemas: Object.fromEntries(kept) } } as Json;
  return withDiscriminators(rewrite(tidied, plainName)) as Document;
}

/**
 * Names the property by whose word alternatives are told apart, such as `kind`, wherever each of them has a name and
 * words of its own: generators of clients then make a type that reads the right one.
 */
function withDiscriminators(document: Json): Json {
  const schemas = asSchema(asSchema(asSchema(document).components).schemas);
  const tell = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(tell);
    if (typeof value !== 'object' || value === null) return value;
    const { anyOf, oneOf, ...rest } = value;
    const alternatives = oneOf ?? anyOf;
    const discriminator = Array.isArray(alternatives)
      ? discriminatorOf(alternatives.map(asSchema), schemas)
      : undefined;
    if (discriminator !== undefined) return { ...rest, oneOf: alternatives ?? [], discriminator };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tell(inner)]));
  };
  return tell(document);
}

function discriminatorOf(alternatives: readonly Schema[], schemas: Schema): Schema | undefined {
  const references = alternatives.map(({ $ref }) => String($ref));
  const all = references.map((reference) => propertiesOf(schemas[reference.slice(REFERENCE.length)]));
  for (const propertyName of Object.keys(all[0] ?? {})) {
    const wordsOfEach = all.map((properties) => wordsOf(asSchema(properties[propertyName])));
    const words = wordsOfEach.flat();
    if (wordsOfEach.some(({ length }) => length === 0) || new Set(words).size < words.length) continue;
    const mapping = wordsOfEach.flatMap((some, index) => some.map((word) => [word, references[index] ?? ''] as const));
    return { propertyName, mapping: Object.fromEntries(mapping) };
  }
  return undefined;
}

/** The words that a text is one of; none for what may be anything. */
function wordsOf({ const: only, enum: several }: Schema): readonly string[] {
  const words = Array.isArray(several) ? several : [only];
  return words.flatMap((word) => (typeof word === 'string' ? [word] : []));
}

const propertiesOf = (schema: Json | undefined): Schema => asSchema(asSchema(schema).properties);

function usedSchemas(root: Json, schemas: Readonly<Record<string, Json>>): ReadonlySet<string> {
  const used = new Set<string>();
  const pending = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      pending.push(schemas[name] ?? null);
    }
  }
  return used;
}

function rewrite(value: Json, plainName: (name: string) => string, isSchemas = false): Json {
  if (Array.isArray(value)) return value.map((inner) => rewrite(inner, plainName));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (key === '$ref' && typeof inner === 'string' && inner.startsWith(REFERENCE)) {
      return [[key, REFERENCE + plainName(inner.slice(REFERENCE.length))]];
    }
    if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(inner)) === Number.MAX_SAFE_INTEGER) return [];
    if (key === 'type' && Array.isArray(inner) && inner.filter((type) => type !== 'null').length > 1) {
      return [['anyOf', inner.map((type) => ({ type }))]];
    }
    return [[isSchemas ? plainName(key) : key, rewrite(inner, plainName, key === 'schemas')]];
  });
  return simplified(Object.fromEntries(entries));
}

/** With its alternatives as one schema, where that is possible. */
function simplified({ anyOf, ...given }: Schema): Schema {
  const others = given.type === 'boolean' ? withoutValues(given) : given;
  const simple = anyOf === undefined ? undefined : simpleAlternative(anyOf);
  if (simple === undefined) return anyOf === undefined ? others : { anyOf, ...others };
  const descriptions = [others.description, simple.description].filter((each) => each !== undefined);
  return { ...simple, ...others, ...(descriptions.length > 0 ? { description: descriptions.join(' ') } : {}) };
}

/**
 * Alternatives as one schema, of which generators make types that compile and read nothing otherwise: words that may be
 * any, a list or a text that may be null, and values without properties of their own, such as *a text, a number or a
 * list*. At a list of several types oapi-codegen ends, and openapi-generator writes `List<String>.class` for Java.
 * Undefined: they are none of these.
 */
function simpleAlternative(alternatives: Json): Schema | undefined {
  if (!Array.isArray(alternatives)) return undefined;
  const all = alternatives.map(asSchema);
  const others = all.filter(({ type }) => type !== 'null');
  const [one = {}] = others;
  if (others.length > 1) {
    if (!others.every(({ type }) => typeof type === 'string' && type !== 'object')) return undefined;
    if (others.some(({ type }) => type !== one.type)) return {};
    return others.length === all.length ? { type: one.type ?? 'string' } : { type: [one.type ?? 'string', 'null'] };
  }
  if (others.length === all.length) return undefined;
  const isPlain = one.type === 'array' || (one.type === 'string' && one.enum === undefined && one.const === undefined);
  return isPlain ? { ...one, type: [one.type ?? 'string', 'null'] } : undefined;
}

/** A boolean that is always the same: openapi-generator makes an enumeration of texts of it, which does not compile in Java. */
function withoutValues({ const: _const, enum: _enum, ...boolean }: Schema): Schema {
  return boolean;
}

type Schema = { readonly [key: string]: Json };

function asSchema(json: Json | undefined): Schema {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
}
