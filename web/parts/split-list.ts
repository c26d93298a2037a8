/** What was entered as a list, separated by blanks, commas, semicolons or lines. */
export function splitList(text: string): string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== '');
}
