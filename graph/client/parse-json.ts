/** JSON, or undefined for a text that is none: gateways answer with pages, and answers break off. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
