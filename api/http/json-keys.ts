/** What is wrong with a property of a JSON text. */
export interface RefusedKey {
  readonly key: string;
  readonly because: 'twice' | 'reserved';
}

/** A string, or what opens and closes objects and lists and separates their members. The rest of valid JSON is skipped. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** Names through which assigning a property reaches the prototype of all objects. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

/**
 * The first property of a JSON text that one object has twice, or whose name is reserved, whatever escapes it is written
 * with. `JSON.parse` keeps the last of two and drops the other in silence, so that two readers of the same text may see
 * different values. Takes valid JSON; needs time and memory in proportion to its length.
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
