import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** One 256-bit key and the name that its ciphertexts carry. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
  /** Where it comes from, for operators; undefined: the configuration. */
  readonly source?: string | undefined;
}

/** Encrypts with the current key, decrypts with any key that it holds, so that keys are rotated while running. */
export interface KeyRing {
  /** In the order of the configuration: the newest first. */
  readonly keyIds: readonly string[];
  readonly currentKeyId: string;
  /** Where a key comes from, for operators; undefined: the configuration. */
  sourceOf(keyId: string): string | undefined;
  /** Encrypts with this key from now on, for as long as other processes do not hold the newest one. */
  encryptWith(keyId: string): void;
  /**
   * Text → `v1.<key id>.<iv, ciphertext and tag in base64url>`. `context` is bound as additional data and not stored.
   * `keyId`: a key other than the current one.
   */
  encrypt(plaintext: string, context: string, keyId?: string): string;
  /** Throws DecryptionError when the key is unknown, the context differs or a byte was changed. */
  decrypt(ciphertext: string, context: string): string;
  encryptBytes(plaintext: Uint8Array, context: string, keyId?: string): { keyId: string; data: Uint8Array };
  decryptBytes(keyId: string, data: Uint8Array, context: string): Uint8Array;
}

/** A ciphertext was changed or moved to another row, or its key is not configured. Says nothing of the content. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

const ALGORITHM = 'aes-256-gcm';
/** 96 random bits: the size for which GCM needs no extra derivation; safe up to 2^32 messages for each key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/**
 * The first key encrypts until `encryptWith` names another; the others only decrypt. Throws a RangeError without any
 * key or with one of another size.
 */
export function createKeyRing(keys: readonly EncryptionKey[]): KeyRing {
  const [newest] = keys;
  if (!newest) throw new RangeError('At least one encryption key is needed');
  let current = newest;
  const keysById = new Map(keys.map(({ id, key }) => [id, key]));
  for (const { id, key } of keys) {
    if (key.symmetricKeySize !== 32) throw new RangeError(`Encryption key ${id} is not one of 32 bytes`);
  }

  function encryptBytesWith({ id: keyId, key }: EncryptionKey, plaintext: Uint8Array, context: string) {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, iv);
    cipher.setAAD(Buffer.from(context));
    const data = Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    return { keyId, data };
  }

  /** The key of an id that the caller took from `keyIds`. */
  function ownKey(keyId: string): EncryptionKey {
    const own = keys.find(({ id }) => id === keyId);
    if (!own) throw new RangeError(`Encryption key ${keyId} is not configured`);
    return own;
  }

  function chosenKey(keyId: string | undefined): EncryptionKey {
    return keyId === undefined ? current : ownKey(keyId);
  }

  function decryptBytes(keyId: string, data: Uint8Array, context: string): Uint8Array {
    const key = keysById.get(keyId);
    if (!key) throw new DecryptionError(`Encryption key ${keyId} is not configured`);
    if (data.length < IV_BYTES + TAG_BYTES) throw new DecryptionError('A ciphertext is too short');
    const decipher = createDecipheriv(ALGORITHM, key, data.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(data.subarray(IV_BYTES, data.length - TAG_BYTES)), decipher.final()]);
    } catch {
      throw new DecryptionError(`A ciphertext does not fit its place (${context.split('|')[0]})`);
    }
  }

  return {
    keyIds: keys.map(({ id }) => id),
    sourceOf: (keyId) => keys.find(({ id }) => id === keyId)?.source,
    get currentKeyId() {
      return current.id;
    },
    encryptWith(keyId) {
      current = ownKey(keyId);
    },
    encryptBytes: (plaintext, context, keyId) => encryptBytesWith(chosenKey(keyId), plaintext, context),
    decryptBytes,
    encrypt(plaintext, context, keyId) {
      const key = chosenKey(keyId);
      const { data } = encryptBytesWith(key, Buffer.from(plaintext), context);
      return `${VERSION}.${key.id}.${Buffer.from(data).toString('base64url')}`;
    },
    decrypt(ciphertext, context) {
      const [version, keyId, data, ...rest] = ciphertext.split('.');
      if (version !== VERSION || !keyId || data === undefined || rest.length > 0) {
        throw new DecryptionError('A ciphertext has another form than ours');
      }
      return Buffer.from(decryptBytes(keyId, Buffer.from(data, 'base64url'), context)).toString();
    },
  };
}
