import { createHash, randomBytes } from 'node:crypto';

/**
 * A secret in the format of Entra's codes and refresh tokens: a version, a dot and several hundred opaque characters.
 * The length is realistic, so that a client that truncates them fails here, too.
 */
export function createOpaqueToken(bytes: number): string {
  return `1.A${randomBytes(bytes).toString('base64url')}`;
}

/** Whether a text has the format of our secrets. For any other, Entra answers AADSTS9002313 instead of "unknown". */
export function looksLikeOpaqueToken(text: string): boolean {
  return /^1\.A[\w-]{64,4096}$/.test(text);
}

/** The hash of a secret that the database stores. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
