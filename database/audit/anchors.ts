import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Queryable } from '../database.ts';

/** A seal that the chain ends with, or goes on from. */
export interface ChainEnd {
  readonly number: number;
  readonly hash: Buffer;
}

/** What the first seal of all is chained to. */
export const START_OF_CHAIN: ChainEnd = { number: 0, hash: Buffer.alloc(32) };

/** `head`: the last seal. `start`: the last one that was deleted because of its age. */
type AnchorKind = 'head' | 'start';

export const anchorContext = (kind: string) => `audit_anchors.proof|${kind}`;

/** An end of the chain, encrypted: only with Mailroom's keys can another one be made. */
export function anchorProof(keys: KeyRing, kind: AnchorKind, { number, hash }: ChainEnd): string {
  return keys.encrypt(`${number}:${hash.toString('hex')}`, anchorContext(kind));
}

/** Undefined: there is none, or it cannot be read. */
export async function readAnchor(db: Queryable, keys: KeyRing, kind: AnchorKind): Promise<ChainEnd | undefined> {
  const row = await db.selectFrom('auditAnchors').where('kind', '=', kind).select('proof').executeTakeFirst();
  if (!row) return undefined;
  try {
    return parseChainEnd(keys.decrypt(row.proof, anchorContext(kind)));
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}

/** `<number>:<hash in hexadecimal>`, as it is logged and streamed. */
export function parseChainEnd(text: string): ChainEnd | undefined {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  return number && hash ? { number: Number(number), hash: Buffer.from(hash, 'hex') } : undefined;
}
