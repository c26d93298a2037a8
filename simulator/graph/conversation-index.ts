import { randomBytes } from 'node:crypto';

/** 100 ns ticks between 1601 and 1970. */
const FILETIME_EPOCH = 116_444_736_000_000_000n;

/**
 * The 22 bytes that start a thread: 01, the top five bytes of the first mail's FILETIME, and the 16 bytes that also end
 * the conversationId (learn.microsoft.com/graph/outlook-immutable-id).
 */
export function startConversation(startedAt: Date): { conversation: Buffer; index: Buffer } {
  const conversation = randomBytes(16);
  const ticks = BigInt(startedAt.getTime()) * 10_000n + FILETIME_EPOCH;
  const index = Buffer.alloc(22);
  index[0] = 1;
  index.writeUIntBE(Number((ticks >> 24n) & 0xffffffffffn), 1, 5);
  index.set(conversation, 6);
  return { conversation, index };
}

/**
 * Every reply adds five bytes: the time since the thread's start, encoded as in MS-OXOMSG 2.2.1.3, and four random
 * bits.
 */
export function continueConversation(parent: Uint8Array, sentAt: Date): Buffer {
  const startTicks = BigInt(Buffer.from(parent).readUIntBE(1, 5)) << 24n;
  const ticks = BigInt(sentAt.getTime()) * 10_000n + FILETIME_EPOCH;
  const difference = ticks > (startTicks & ((1n << 64n) - 1n)) ? ticks - startTicks : 0n;
  const isLong = difference >> 49n !== 0n;
  const coded = isLong ? (difference >> 23n) & 0x7fffffffn : (difference >> 18n) & 0x7fffffffn;
  const added = Buffer.alloc(5);
  added.writeUInt32BE(Number(coded) + (isLong ? 0x80000000 : 0), 0);
  added[4] = randomBytes(1)[0] ?? 0;
  return Buffer.concat([parent, added]);
}
