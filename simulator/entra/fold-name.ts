/** Folds case as the directory does: A to Z only. Other characters that Unicode folds to these stay distinct. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
