/** A service that keeps a key and gives out keys only encrypted by it. Its calls are made at the start of a process. */
export interface KeyService {
  /** A new key of 32 bytes, encrypted for storage. Throws KeyServiceProblem. */
  wrapNewKey(keyId: string): Promise<string>;
  /** The key, and which key of the service encrypted it. Throws KeyServiceProblem. */
  unwrap(wrapped: string, keyId: string): Promise<{ readonly key: Uint8Array; readonly source: string }>;
}

/** Why a key service gives no key, in words for operators. */
export class KeyServiceProblem extends Error {
  override readonly name = 'KeyServiceProblem';
}
