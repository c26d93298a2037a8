import type { DatabaseSync } from 'node:sqlite';

/** What goes into a row for some bytes: themselves, or the blob that holds them for many rows. */
export interface StoredBytes {
  readonly inline: Uint8Array;
  readonly blobId: number | null;
}

const NOTHING = new Uint8Array();

/**
 * Keeps bytes that are delivered over and over once: from the second time that it meets the same array it gives a
 * blob. A backlog of 10,000 real mails is then as large as its 250 different ones. Blobs stay when their messages go.
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
