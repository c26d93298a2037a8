/** Characters of a file name that are shown; the whole name is in its title. */
const MOST_CHARACTERS = 80;
const END_CHARACTERS = 20;

/**
 * A file name as it can be shown: without characters that turn the direction of others or are not seen, which make
 * `exe.pdf` of a program; of a long one the beginning and the end, which has the type.
 */
export function shownName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...plain];
  if (letters.length <= MOST_CHARACTERS) return plain;
  return `${letters.slice(0, MOST_CHARACTERS - END_CHARACTERS - 1).join('')}…${letters.slice(-END_CHARACTERS).join('')}`;
}
