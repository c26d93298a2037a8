import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url: for sessions, states and other bearer tokens. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The format of `randomToken`: no look-up is needed for anything else. */
export const randomTokenForm = /^[\w-]{43}$/;

/** Stored in place of a token: reading the table yields no usable token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
