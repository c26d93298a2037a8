import { createSecretKey, type KeyObject } from 'node:crypto';
import type { ConfiguredKey } from '../config/encryption-keys.ts';
import { exitWith } from './config-or-exit.ts';
import { type KeyService, KeyServiceProblem } from './key-service.ts';

interface UnwrappedKey {
  readonly id: string;
  readonly key: KeyObject;
  /** Undefined: the configuration. */
  readonly source?: string | undefined;
}

const KEY_BYTES = 32;

/**
 * The keys of the configuration, in its order; those that a key service encrypted are decrypted by it. They stay in memory:
 * the service is needed for nothing after that. Throws KeyServiceProblem, which names the key.
 */
export async function unwrapKeys(
  keys: readonly ConfiguredKey[],
  openService: () => Promise<KeyService> = openAwsKms,
): Promise<readonly UnwrappedKey[]> {
  let service: KeyService | undefined;
  const unwrapped: UnwrappedKey[] = [];
  for (const configured of keys) {
    if ('key' in configured) {
      unwrapped.push(configured);
      continue;
    }
    const { id, wrapped } = configured;
    service ??= await openService();
    const { key, source } = await service.unwrap(wrapped, id).catch((error: unknown) => {
      if (!(error instanceof KeyServiceProblem)) throw error;
      throw new KeyServiceProblem(`ENCRYPTION_KEYS: the key "${id}" cannot be had. ${error.message}`, { cause: error });
    });
    if (key.length !== KEY_BYTES) {
      throw new KeyServiceProblem(`ENCRYPTION_KEYS: the key "${id}" has ${key.length} bytes and not ${KEY_BYTES}.`);
    }
    unwrapped.push({ id, key: createSecretKey(key), source });
    key.fill(0);
  }
  return unwrapped;
}

/** Ends the process, in words, when a key service gives no key. */
export async function unwrapKeysOrExit(keys: readonly ConfiguredKey[]): Promise<readonly UnwrappedKey[]> {
  return await unwrapKeys(keys).catch((error: unknown) => {
    if (!(error instanceof KeyServiceProblem)) throw error;
    exitWith(error.message);
  });
}

/** Loaded only where an entry needs it: it takes memory and time. */
async function openAwsKms(): Promise<KeyService> {
  return (await import('./aws-kms.ts')).createAwsKms();
}
