import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** Where a client stands in the changes of one collection. Sealed into the links that it gets; nothing is stored. */
export interface DeltaState {
  readonly mailboxId: number;
  /** The folder's number; 0 for the collection of folders. */
  readonly folderNumber: number;
  readonly generation: number;
  /** Changes up to this number were known when the round began; 0 in the first round. */
  readonly since: number;
  /** Changes up to this number have been handed out. */
  readonly position: number;
  /** The mailbox's change number when the first round began: removals before it are nobody's business. */
  readonly startedAt: number;
  /** The first round with `$filter` or `$orderby` goes by date: the last message handed out, and how many may follow. */
  readonly walk: { readonly receivedAt: number; readonly number: number; readonly left: number } | null;
  /** With `$top`: how many entries the round may still give. */
  readonly topLeft: number | null;
  readonly options: DeltaOptions;
  /** The page before was made empty by a fault, so that this one is not. */
  readonly wasEmptied: boolean;
}

/** What the first request of a chain asked for; later requests cannot change it. */
export interface DeltaOptions {
  readonly select: readonly string[] | null;
  readonly expandsAttachments: boolean;
  /** Seconds since 1970: only mail received from then on. */
  readonly receivedFrom: number | null;
  readonly newestFirst: boolean;
  readonly changeType: 'created' | 'updated' | 'deleted' | null;
}

export interface DeltaTokens {
  seal(state: DeltaState): string;
  /** Undefined for what was not sealed here. */
  open(token: string): DeltaState | undefined;
}

const MAC_BYTES = 16;

/** Tokens with a key of this database, so that they stay valid over a restart and cannot be made up. */
export function createDeltaTokens(database: DatabaseSync): DeltaTokens {
  database
    .prepare(`INSERT OR IGNORE INTO graph_settings (name, value) VALUES ('delta-token-key', ?)`)
    .run(randomBytes(32).toString('hex'));
  const row = database.prepare(`SELECT value FROM graph_settings WHERE name = 'delta-token-key'`).get();
  // Ten times as quick as a key in a Buffer, and every poll needs one or two.
  const key = createSecretKey(String(row?.value), 'hex');
  const mac = (payload: Uint8Array) => createHmac('sha256', key).update(payload).digest().subarray(0, MAC_BYTES);

  return {
    seal(state) {
      const payload = Buffer.from(JSON.stringify(state));
      return Buffer.concat([mac(payload), payload]).toString('base64url');
    },
    open(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length <= MAC_BYTES) return undefined;
      const payload = bytes.subarray(MAC_BYTES);
      return timingSafeEqual(mac(payload), bytes.subarray(0, MAC_BYTES))
        ? (JSON.parse(payload.toString()) as DeltaState)
        : undefined;
    },
  };
}
