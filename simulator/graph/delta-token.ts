import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** A client's position in the changes of one collection. It is sealed into the client's links; nothing is stored. */
export interface DeltaState {
  readonly mailboxId: number;
  /** The folder's number; 0 for the collection of folders. */
  readonly folderNumber: number;
  readonly generation: number;
  /** Changes up to this number were known when the round began; 0 in the first round. */
  readonly since: number;
  /** Changes up to this number have been handed out. */
  readonly position: number;
  /** The mailbox's change number when the first round began: earlier removals do not concern the client. */
  readonly startedAt: number;
  /** The first round with `$filter` or `$orderby` is by date: the last message returned, and how many may follow. */
  readonly walk: { readonly receivedAt: number; readonly number: number; readonly left: number } | null;
  /** With `$top`: how many more entries the round may return. */
  readonly topLeft: number | null;
  readonly options: DeltaOptions;
  /** A fault made the previous page empty, so this one must not be. */
  readonly wasEmptied: boolean;
}

/** The options of a chain's first request; later requests cannot change them. */
export interface DeltaOptions {
  readonly select: readonly string[] | null;
  readonly expandsAttachments: boolean;
  /** Keys of extended properties; absent in links of an older simulator. */
  readonly expandedProperties?: readonly string[];
  /** Seconds since 1970: only mail received from then on. */
  readonly receivedFrom: number | null;
  readonly newestFirst: boolean;
  readonly changeType: 'created' | 'updated' | 'deleted' | null;
}

export interface DeltaTokens {
  seal(state: DeltaState): string;
  /** Undefined for a token that was not sealed here. */
  open(token: string): DeltaState | undefined;
}

const MAC_BYTES = 16;

/** Tokens are sealed with a key in the database, so that they survive a restart and cannot be forged. */
export function createDeltaTokens(database: DatabaseSync): DeltaTokens {
  database
    .prepare(`INSERT OR IGNORE INTO graph_settings (name, value) VALUES ('delta-token-key', ?)`)
    .run(randomBytes(32).toString('hex'));
  const row = database.prepare(`SELECT value FROM graph_settings WHERE name = 'delta-token-key'`).get();
  // Ten times as fast as a key in a Buffer, and every poll needs one or two.
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
