import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 33 characters of 62 are 196 random bits. */
const RANDOM_LENGTH = 33;
/** 62^6 is more than 2^32. */
const CHECKSUM_LENGTH = 6;
const form = new RegExp(`^mailroom_([0-9A-Za-z]{${RANDOM_LENGTH}})_([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/**
 * A new API key, `mailroom_<random>_<checksum>`: the prefix lets secret scanners find leaked keys, no character breaks
 * a double-click selection, and the checksum rejects a mistyped or invented key without a database query.
 */
export function createApiKey(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `mailroom_${random}_${checksum(random)}`;
}

/** True when the text has the format of a key and its checksum matches. */
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
