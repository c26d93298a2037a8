/**
 * Folds an e-mail address for storage and comparison: A to Z become lower case, every other character stays. Unicode
 * folds the Kelvin sign to k, and Turkish languages fold i to a letter without a dot: a different address must not
 * become equal to this one.
 */
export function foldAddress(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
