/**
 * An e-mail address as it is stored and compared: A to Z in lower case, and every other character as it is. Unicode folds
 * the Kelvin sign to k, and Turkish languages i to a letter without a dot: another address must not become this one.
 */
export function foldAddress(address: string): string {
  return address.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
