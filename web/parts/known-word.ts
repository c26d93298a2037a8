/**
 * The words for a stored name that the API passed on; a name of a newer release has none here and is shown as it is.
 */
export function knownWord(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}
