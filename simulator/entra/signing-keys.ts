import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** The public half of a signing key, as published in the keys document. */
export interface PublicKey {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly x5t: string;
  readonly n: string;
  readonly e: string;
}

export interface SigningKeys {
  /** The current signing key. Created and stored on first use, so that tokens survive a restart. */
  current(): Promise<{ readonly kid: string; readonly privateKey: CryptoKey }>;
  /** The key that checks a signature, or undefined for an unknown key id. */
  findPublicKey(kid: string): Promise<CryptoKey | undefined>;
  /** All keys that may have signed a token that is still valid, newest first. */
  published(): Promise<PublicKey[]>;
  /** Creates a new signing key; the older ones stay published. Relying parties must refetch on an unknown kid. */
  rotate(): Promise<string>;
}

interface StoredKey {
  readonly kid: string;
  readonly private_jwk: string;
}

/** RS256 keys in the simulator's database. */
export function createSigningKeys(database: DatabaseSync): SigningKeys {
  const stored = () =>
    database
      .prepare('SELECT kid, private_jwk FROM entra_signing_keys ORDER BY created_at DESC, rowid DESC')
      .all() as unknown as StoredKey[];
  const publicKeys = new Map<string, CryptoKey>();
  let current: Promise<{ kid: string; privateKey: CryptoKey }> | undefined;

  const generate = async (): Promise<{ kid: string; privateKey: CryptoKey }> => {
    const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = keyId(jwk);
    database
      .prepare('INSERT INTO entra_signing_keys (kid, private_jwk, created_at) VALUES (?, ?, ?)')
      .run(kid, JSON.stringify(jwk), Date.now());
    return { kid, privateKey };
  };

  const load = async (): Promise<{ kid: string; privateKey: CryptoKey }> => {
    const newest = stored()[0];
    if (!newest) return generate();
    const privateKey = await importJWK(JSON.parse(newest.private_jwk) as JWK, 'RS256');
    return { kid: newest.kid, privateKey: privateKey as CryptoKey };
  };

  return {
    current() {
      current ??= load();
      return current;
    },

    async findPublicKey(kid) {
      const cached = publicKeys.get(kid);
      if (cached) return cached;
      const row = stored().find((key) => key.kid === kid);
      if (!row) return undefined;
      const key = (await importJWK({ kty: 'RSA', ...modulus(row) }, 'RS256')) as CryptoKey;
      publicKeys.set(kid, key);
      return key;
    },

    async published() {
      await this.current();
      return stored().map((row) => ({ kty: 'RSA', use: 'sig', kid: row.kid, x5t: row.kid, ...modulus(row) }));
    },

    async rotate() {
      current = generate();
      return (await current).kid;
    },
  };
}

/** Entra's key ids look like SHA-1 thumbprints in base64url; ours are computed from the modulus. */
function keyId(jwk: JWK): string {
  return createHash('sha1')
    .update(jwk.n ?? '')
    .digest('base64url');
}

function modulus(row: StoredKey): { n: string; e: string } {
  const { n, e } = JSON.parse(row.private_jwk) as { n: string; e: string };
  return { n, e };
}
