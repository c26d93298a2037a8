import { DecryptionError, type KeyRing } from './key-ring.ts';

/**
 * The `clientState` that Microsoft returns with each notification, and that forged ones lack: the account's id,
 * encrypted. Verifying it needs no query: only Microsoft ever received one, and the cipher's tag is compared in
 * constant time. 16 bytes keep it far below the 128 characters that Microsoft allows.
 */
const CONTEXT = 'subscriptions.client_state';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LONGEST = 128;

export function createClientState(keys: KeyRing, accountId: string): string {
  const { keyId, data } = keys.encryptBytes(Buffer.from(accountId.replaceAll('-', ''), 'hex'), CONTEXT);
  return `${keyId}.${Buffer.from(data).toString('base64url')}`;
}

/** True for a value that may be ours, made by a key that this process does not hold. */
export function needsOtherKey(keys: KeyRing, clientState: unknown): boolean {
  if (typeof clientState !== 'string' || clientState.length > LONGEST) return false;
  const [keyId = '', data = '', ...rest] = clientState.split('.');
  return rest.length === 0 && data !== '' && keyId !== '' && !keys.keyIds.includes(keyId);
}

/** The account's id; undefined for a value that none of our keys made. Never throws. */
export function parseClientState(keys: KeyRing, clientState: unknown): string | undefined {
  if (typeof clientState !== 'string' || clientState.length > LONGEST) return undefined;
  const [keyId = '', data = '', ...rest] = clientState.split('.');
  if (rest.length > 0) return undefined;
  try {
    const hex = Buffer.from(keys.decryptBytes(keyId, Buffer.from(data, 'base64url'), CONTEXT)).toString('hex');
    const accountId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return UUID.test(accountId) ? accountId : undefined;
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}
