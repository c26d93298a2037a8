/** What is wrong with one value of a request. */
export interface RefusedValue {
  /** JSON pointer into the body. */
  readonly path: string;
  readonly reason?: string;
  /** The limit that was not kept. */
  readonly limit?: number;
}

/** What the words of a refusal may name; it comes in a problem document. */
export interface RefusalFacts {
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
  readonly errors?: readonly RefusedValue[] | undefined;
}

/** A fact that is a text; another one is left out. */
export const text = (fact: unknown): string => (typeof fact === 'string' ? fact : '');
/** A fact that is a list. */
export const list = (fact: unknown): readonly string[] => (Array.isArray(fact) ? fact.map(String) : []);

/** More names than this make no sentence. */
export const NAMED_AT_MOST = 5;

/** The first names, and how many more there are. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_AT_MOST).join(', ');
  return names.length > NAMED_AT_MOST ? `${shown} und ${names.length - NAMED_AT_MOST} weiteren` : shown;
}
