import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeyRing, DecryptionError } from '../../encryption/key-ring.ts';

const newKey = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });

describe('the key ring', () => {
  const old = newKey('old');
  const current = newKey('current');

  it('gives back what it encrypted', () => {
    const keys = createKeyRing([current]);
    expect(keys.decrypt(keys.encrypt('sécret \u0000 😀', 'a|1'), 'a|1')).toBe('sécret \u0000 😀');
  });

  it('never encrypts the same text to the same ciphertext', () => {
    const keys = createKeyRing([current]);
    expect(keys.encrypt('x', 'a')).not.toBe(keys.encrypt('x', 'a'));
  });

  it('reads what an older key wrote, and writes with the current one', () => {
    const written = createKeyRing([old]).encrypt('x', 'a');
    const rotated = createKeyRing([current, old]);
    expect(rotated.decrypt(written, 'a')).toBe('x');
    expect(rotated.encrypt('x', 'a')).toMatch(/^v1\.current\./);
  });

  it('refuses a ciphertext that was moved to another place', () => {
    const keys = createKeyRing([current]);
    expect(() => keys.decrypt(keys.encrypt('x', 'token_caches.cache|1'), 'token_caches.cache|2')).toThrow(
      DecryptionError,
    );
  });

  it('refuses a ciphertext of which a byte was changed, cut off or added', () => {
    const keys = createKeyRing([current]);
    const [version, keyId, data] = keys.encrypt('x', 'a').split('.') as [string, string, string];
    const bytes = Buffer.from(data, 'base64url');
    for (const forged of [
      Buffer.from(bytes.map((byte, index) => (index === 14 ? byte ^ 1 : byte))),
      bytes.subarray(1),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.alloc(3),
    ]) {
      const text = `${version}.${keyId}.${forged.toString('base64url')}`;
      expect(() => keys.decrypt(text, 'a')).toThrow(DecryptionError);
    }
  });

  it('refuses a key that it does not have, and a text that is no ciphertext', () => {
    const keys = createKeyRing([current]);
    expect(() => keys.decrypt(createKeyRing([old]).encrypt('x', 'a'), 'a')).toThrow(/not configured/);
    for (const text of ['plain text', `${keys.encrypt('x', 'a')}.more`]) {
      expect(() => keys.decrypt(text, 'a')).toThrow(DecryptionError);
    }
  });

  it('does not begin without a key or with a key of another size', () => {
    expect(() => createKeyRing([])).toThrow(RangeError);
    expect(() => createKeyRing([{ id: 'short', key: createSecretKey(randomBytes(16)) }])).toThrow(/32 bytes/);
  });
});
