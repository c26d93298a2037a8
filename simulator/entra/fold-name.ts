/** A name as the directory compares it: A to Z in any case. Other characters that Unicode folds to them are others. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
