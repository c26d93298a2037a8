import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Length of an AES-256 key in bytes. */
const KEY_BYTES = 32;

/** A key that encrypts secrets in the database and in workflow payloads. `id` is stored beside the ciphertext. */
export interface EncryptionKey {
  readonly id: string;
  /** A `KeyObject`, because it is opaque: printing or serialising it shows nothing. */
  readonly key: KeyObject;
}

/** A key that a key service has encrypted: it is asked for the key once, at the start of a process. */
export interface WrappedKey {
  readonly id: string;
  readonly service: 'kms';
  /** Base64. No secret. */
  readonly wrapped: string;
}

export type ConfiguredKey = EncryptionKey | WrappedKey;

/** 32 random bytes have about 30 different values; fewer than 16 happen once in 10^13 times. */
const DIFFERENT_BYTES = 16;

/**
 * True for bytes that no key generator makes: zeros, a repeated pattern, a count, or text that a person typed. 32
 * random bytes are all printable once in 10^13 times.
 */
function isGuessable(bytes: Buffer): boolean {
  const isCount = new Set(bytes.map((byte, index) => byte - (bytes[index - 1] ?? byte - 1))).size <= 2;
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return new Set(bytes).size < DIFFERENT_BYTES || isCount || isText;
}

/**
 * Parses `id:base64 of 32 bytes`, or `id:kms:base64 of what AWS KMS made of them`, comma separated. The first key encrypts; all of them decrypt, so a key is replaced by
 * putting the new one in front. Messages never quote the value.
 */
export const encryptionKeys = z.string().transform((text, context): readonly ConfiguredKey[] => {
  const keys: ConfiguredKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [, id, service, encoded] =
      /^\s*([A-Za-z0-9_-]{1,32}):(?:(kms):)?([A-Za-z0-9+/]+={0,2})\s*$/.exec(entry) ?? [];
    const bytes = encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
    if (id !== undefined && keys.some((key) => key.id === id)) {
      context.addIssue({
        code: 'custom',
        message: `entry ${index + 1} repeats an earlier id; each key needs its own`,
      });
    } else if (id !== undefined && service === 'kms' && encoded !== undefined) {
      keys.push({ id, service, wrapped: encoded });
    } else if (id === undefined || bytes?.length !== KEY_BYTES) {
      context.addIssue({
        code: 'custom',
        message: `entry ${index + 1} must be an id, a colon and the base64 of exactly ${KEY_BYTES} bytes`,
      });
    } else if (isGuessable(bytes)) {
      context.addIssue({
        code: 'custom',
        message: `entry ${index + 1} is no random key but a pattern or a text; make one with: openssl rand -base64 32`,
      });
    } else {
      keys.push({ id, key: createSecretKey(bytes) });
    }
  }
  return keys;
});
