import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 33 characters of 62 are 196 random bits. */
const RANDOM_LENGTH = 33;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
const form = new RegExp(`^mailroom_([0-9A-Za-z]{${RANDOM_LENGTH}})_([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/**
 * A new API key, `mailroom_<random>_<checksum>`: a prefix by which scanners find keys that leaked, no character that
 * ends a double click, and a checksum that tells a mistyped or invented key without asking the database.
 */
export function createApiKey(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `mailroom_${random}_${checksum(random)}`;
}

/** True when the text has the form of a key and its checksum fits. */
export function looksLikeApiKey(text: string): boolean {
  const [, random, given] = form.exec(text) ?? [];
  return random !== undefined && checksum(random) === given;
}

function checksum(random: string): string {
  let rest = crc32(random);
  let digits = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}
