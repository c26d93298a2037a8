import { randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/**
 * Secrets of one embedded stack, created at its first start. They are wiped with its data, which other keys cannot
 * read.
 */
export interface StackSecrets {
  readonly postgresPassword: string;
  /** In the format of ENCRYPTION_KEYS. */
  readonly encryptionKeys: string;
}

/** Reads the secrets of a stack, or creates them. */
export function ensureStackSecrets(file: string): StackSecrets {
  const known = readJsonFile<StackSecrets>(file);
  if (known?.postgresPassword && known.encryptionKeys) return known;
  const secrets = {
    postgresPassword: randomBytes(24).toString('base64url'),
    encryptionKeys: newEncryptionKeys(),
  };
  writeJsonFile(file, secrets);
  return secrets;
}

/** A value for ENCRYPTION_KEYS with one new key. */
export function newEncryptionKeys(): string {
  return `k1:${randomBytes(32).toString('base64')}`;
}
