import { createHash, randomBytes } from 'node:crypto';

/**
 * A secret in the shape of Entra's codes and refresh tokens: a version, a dot and several hundred opaque characters.
 * Real ones are that long too; a client that cuts them short must fail here as it would there.
 */
export function createOpaqueToken(bytes: number): string {
  return `1.A${randomBytes(bytes).toString('base64url')}`;
}

/** Whether a text could be one of ours at all. Otherwise Entra answers AADSTS9002313, not "unknown". */
export function looksLikeOpaqueToken(text: string): boolean {
  return /^1\.A[\w-]{64,4096}$/.test(text);
}

/** What the database keeps of a secret. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
