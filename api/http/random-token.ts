import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url: for sessions, states and everything else whose knowledge is a right. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The form of what `randomToken` gives: anything else need not be looked up. */
export const randomTokenForm = /^[\w-]{43}$/;

/** What is stored in place of a token: who reads the table can use none of them. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
