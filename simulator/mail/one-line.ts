/** Replaces line breaks and other controls in a name or subject by a blank, as Exchange does. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
