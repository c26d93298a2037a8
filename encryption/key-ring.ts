import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** One 256-bit key with the name under which ciphertexts remember it. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Encrypts with the current key, decrypts with any key that it holds: that is how keys are rotated while running. */
export interface KeyRing {
  readonly currentKeyId: string;
  /** Text → `v1.<key id>.<iv, ciphertext and tag in base64url>`. `context` is bound as additional data and not stored. */
  encrypt(plaintext: string, context: string): string;
  /** Throws DecryptionError when the key is unknown, the context differs or a byte was changed. */
  decrypt(ciphertext: string, context: string): string;
  encryptBytes(plaintext: Uint8Array, context: string): { keyId: string; data: Uint8Array };
  decryptBytes(keyId: string, data: Uint8Array, context: string): Uint8Array;
}

/** Somebody changed a ciphertext, moved it to another row, or its key is not configured. Says nothing of the content. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

const ALGORITHM = 'aes-256-gcm';
/** 96 random bits: the size for which GCM needs no extra derivation; safe up to 2^32 messages for each key. */
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** The first key encrypts; the others only decrypt. Throws a RangeError without any key or with one of another size. */
export function createKeyRing(keys: readonly EncryptionKey[]): KeyRing {
  const current = keys[0];
  if (!current) throw new RangeError('At least one encryption key is needed');
  const keysById = new Map(keys.map(({ id, key }) => [id, key]));
  for (const { id, key } of keys) {
    if (key.symmetricKeySize !== 32) throw new RangeError(`Encryption key ${id} is not one of 32 bytes`);
  }

  function encryptBytes(plaintext: Uint8Array, context: string) {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, (current as EncryptionKey).key, iv);
    cipher.setAAD(Buffer.from(context));
    const data = Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    return { keyId: (current as EncryptionKey).id, data };
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
    currentKeyId: current.id,
    encryptBytes,
    decryptBytes,
    encrypt(plaintext, context) {
      const { keyId, data } = encryptBytes(Buffer.from(plaintext), context);
      return `${VERSION}.${keyId}.${Buffer.from(data).toString('base64url')}`;
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
