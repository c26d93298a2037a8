type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const REFERENCE = '#/components/schemas/';
/** The suffix that the generator adds to schema names of request bodies. */
const INPUT = /Input$/;

/**
 * Tidies a generated OpenAPI document, in which every schema exists once for requests and once for answers: drops
 * unused schemas, gives those that only requests use their plain name, and drops the bounds of JavaScript's integers,
 * which are no constraint for clients.
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
  return rewrite(tidied, plainName) as Document;
}

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
    return [[isSchemas ? plainName(key) : key, rewrite(inner, plainName, key === 'schemas')]];
  });
  return Object.fromEntries(entries);
}
