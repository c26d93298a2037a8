/** What the placeholders of canned answers and signatures stand for; undefined where it is not known. */
export interface PlaceholderValues {
  readonly 'customer.name'?: string | undefined;
  readonly 'agent.name'?: string | undefined;
  readonly 'item.number'?: string | undefined;
  readonly subject?: string | undefined;
}

export interface FilledText {
  readonly text: string;
  /** Names of the placeholders that are still in the text, because nothing is known for them. */
  readonly missing: readonly string[];
}

/** The names that may stand between `{{` and `}}`. */
export const placeholders = ['customer.name', 'agent.name', 'item.number', 'subject'] as const;

/** One placeholder, with its name. */
const placeholder = /\{\{\s*([\w.]+)\s*\}\}/g;

/** Replaces the placeholders; `encode` makes a value safe for the format of the text. */
export function fillPlaceholders(
  text: string,
  values: PlaceholderValues,
  encode: (value: string) => string = (value) => value,
): FilledText {
  const missing = new Set<string>();
  const filled = text.replace(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name as keyof PlaceholderValues]?.trim() : undefined;
    if (value !== undefined && value !== '') return encode(value);
    missing.add(name);
    return whole;
  });
  return { text: filled, missing: [...missing] };
}

/** The placeholders that a text still has. */
export function placeholdersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(placeholder)].map(([, name]) => name ?? ''))];
}
