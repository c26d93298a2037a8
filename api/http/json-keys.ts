/** What is wrong with a property of a JSON text. */
export interface RefusedKey {
  readonly key: string;
  readonly because: 'twice' | 'reserved';
}

/** A string, or a character that opens, closes or separates objects and lists. The rest of valid JSON is skipped. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** Property names whose assignment reaches the prototype of all objects. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/**
 * The first duplicate or reserved property name in a JSON text, however it is escaped. `JSON.parse` silently keeps the
 * last of two, so two parsers of the same text may see different values. Takes valid JSON; time and memory are linear
 * in its length.
 */
export function findRefusedKey(json: string): RefusedKey | undefined {
  const open: (Set<string> | undefined)[] = [];
  let text = '';
  for (const [token] of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') text = token;
    else {
      const keys = open.at(-1);
      const key: string = JSON.parse(text);
      if (reserved.has(key)) return { key, because: 'reserved' };
      if (keys?.has(key)) return { key, because: 'twice' };
      keys?.add(key);
    }
  }
  return undefined;
}
