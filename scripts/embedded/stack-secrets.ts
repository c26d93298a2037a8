import { randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** Secrets of one embedded stack, made at its first start. They go with its data: other keys cannot read them. */
export interface StackSecrets {
  readonly postgresPassword: string;
  /** In the form of ENCRYPTION_KEYS. */
  readonly encryptionKeys: string;
}

/** Reads the secrets of a stack, or makes them. */
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
