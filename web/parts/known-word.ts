/** The words for a name that the API passed on as it is stored: a newer release may have stored one that has none here. */
export function knownWord(words: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name;
}
