/**
 * Ids in Exchange's binary layout, as far as recorded ids show it. A message's default id contains the folder and
 * changes with every move; the immutable id does not. Nothing is stored: an id is computed from the mailbox's GUIDs and
 * two counters, and parsed the same way.
 */

export interface MailboxGuids {
  /** As text in default ids, so that a base64 dump shows which mailbox an id belongs to. */
  readonly mailboxGuid: string;
  /** 16 bytes. */
  readonly storeGuid: Uint8Array;
  /** 16 bytes. */
  readonly replicaGuid: Uint8Array;
}

export interface MessageKey {
  readonly folderNumber: number;
  /** Changes with every move. */
  readonly itemNumber: number;
  /** Never changes. */
  readonly number: number;
}

export type ParsedMessageId =
  | { readonly form: 'default'; readonly folderNumber: number; readonly itemNumber: number }
  | { readonly form: 'immutable'; readonly number: number };

const TYPE_MESSAGE = 0x46;
const TYPE_FOLDER = 0x2e;
const TYPE_CONVERSATION = 0x10;
const MESSAGE_ID_BYTES = 113;
const FOLDER_ID_BYTES = 89;
const ATTACHMENT_SUFFIX_BYTES = 21;
const IMMUTABLE_ID_BYTES = 51;
const ATTACHMENT_MARK = Buffer.from('0112001000', 'hex');
/** The 27 bytes at the start of every recorded immutable id. */
const IMMUTABLE_PREFIX = Buffer.from('AAkALgAAAAAAHYQDEapmEc2byACqAC/EWg0A', 'base64');

/** Exchange's variant of base64: `/` becomes `-` and `+` becomes `_`, the opposite of RFC 4648. */
function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('/', '-').replaceAll('+', '_');
}

function decode(id: string): Buffer | undefined {
  const bytes = Buffer.from(id.replaceAll('-', '/').replaceAll('_', '+'), 'base64');
  // Node ignores invalid base64, so only an id that survives the round trip is valid.
  return encode(bytes) === id ? bytes : undefined;
}

function head(guids: MailboxGuids, type: number): Buffer {
  return Buffer.concat([
    Buffer.from([0, 3, 0x24, 0]),
    Buffer.from(guids.mailboxGuid, 'latin1'),
    Buffer.from([0, type, 0]),
  ]);
}

function counter(guids: MailboxGuids, number: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.set(guids.replicaGuid, 0);
  bytes.writeUIntBE(number, 16, 6);
  return bytes;
}

export function messageId(guids: MailboxGuids, { folderNumber, itemNumber }: MessageKey): string {
  return encode(messageIdBytes(guids, folderNumber, itemNumber));
}

function messageIdBytes(guids: MailboxGuids, folderNumber: number, itemNumber: number): Buffer {
  return Buffer.concat([
    head(guids, TYPE_MESSAGE),
    Buffer.alloc(4),
    guids.storeGuid,
    Buffer.from([7, 0]),
    counter(guids, folderNumber),
    counter(guids, itemNumber),
  ]);
}

export function immutableMessageId(guids: MailboxGuids, { number }: MessageKey): string {
  return encode(Buffer.concat([IMMUTABLE_PREFIX, counter(guids, number)]));
}

/** Parses either form; undefined for an invalid id, or an id of another mailbox. */
export function parseMessageId(guids: MailboxGuids, id: string): ParsedMessageId | undefined {
  const bytes = decode(id);
  return bytes && parseMessageBytes(guids, bytes);
}

function parseMessageBytes(guids: MailboxGuids, bytes: Buffer): ParsedMessageId | undefined {
  if (bytes.length === IMMUTABLE_ID_BYTES && bytes.subarray(0, 27).equals(IMMUTABLE_PREFIX)) {
    const number = bytes.readUIntBE(43, 6);
    return counter(guids, number).equals(bytes.subarray(27)) ? { form: 'immutable', number } : undefined;
  }
  if (bytes.length !== MESSAGE_ID_BYTES) return undefined;
  const folderNumber = bytes.readUIntBE(81, 6);
  const itemNumber = bytes.readUIntBE(105, 6);
  if (!messageIdBytes(guids, folderNumber, itemNumber).equals(bytes)) return undefined;
  return { form: 'default', folderNumber, itemNumber };
}

/** Whether a text has the format of a message id of any mailbox: distinguishes "not found" from "malformed". */
export function looksLikeId(id: string): boolean {
  const bytes = decode(id);
  if (!bytes) return false;
  return bytes.length === IMMUTABLE_ID_BYTES || (bytes.length >= FOLDER_ID_BYTES && bytes[0] === 0 && bytes[1] === 3);
}

export function folderId(guids: MailboxGuids, number: number): string {
  return encode(
    Buffer.concat([
      head(guids, TYPE_FOLDER),
      Buffer.alloc(4),
      guids.storeGuid,
      Buffer.from([1, 0]),
      counter(guids, number),
    ]),
  );
}

export function parseFolderId(guids: MailboxGuids, id: string): number | undefined {
  const bytes = decode(id);
  if (bytes?.length !== FOLDER_ID_BYTES) return undefined;
  const number = bytes.readUIntBE(81, 6);
  return folderId(guids, number) === id ? number : undefined;
}

/** An attachment's id is that of its message, in the same form, plus 16 bytes. */
export function attachmentId(idOfMessage: string, guid: Uint8Array): string {
  const bytes = decode(idOfMessage);
  if (!bytes) throw new TypeError('An attachment needs the id of its message');
  return encode(Buffer.concat([bytes, ATTACHMENT_MARK, guid]));
}

/** The 16 bytes that identify the attachment in its message; undefined when the id belongs to another message. */
export function parseAttachmentId(guids: MailboxGuids, message: MessageKey, id: string): Buffer | undefined {
  const bytes = decode(id);
  if (!bytes || bytes.length <= ATTACHMENT_SUFFIX_BYTES) return undefined;
  const ends = bytes.length - ATTACHMENT_SUFFIX_BYTES;
  const parsed = parseMessageBytes(guids, bytes.subarray(0, ends));
  const isOfMessage =
    parsed?.form === 'immutable' ? parsed.number === message.number : parsed?.itemNumber === message.itemNumber;
  const isMarked = bytes.subarray(ends, ends + ATTACHMENT_MARK.length).equals(ATTACHMENT_MARK);
  return isOfMessage && isMarked ? bytes.subarray(ends + ATTACHMENT_MARK.length) : undefined;
}

/** `conversation` is 16 bytes, the same as at the end of the conversationIndex. */
export function conversationId(guids: MailboxGuids, conversation: Uint8Array): string {
  return encode(
    Buffer.concat([
      Buffer.from([0, 4, 0x24, 0]),
      Buffer.from(guids.mailboxGuid, 'latin1'),
      Buffer.from([0, TYPE_CONVERSATION, 0]),
      conversation,
    ]),
  );
}

/** The 16 bytes of a conversation id; undefined for an invalid one. */
export function parseConversationId(id: string): Uint8Array | undefined {
  return decode(id)?.subarray(-CONVERSATION_BYTES);
}

const CONVERSATION_BYTES = 16;

/** Plain base64; also the text inside the etag. */
export function changeKey(guids: MailboxGuids, seq: number): string {
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(0x09, 0);
  bytes.writeUInt32LE(0x16, 4);
  bytes.set(guids.replicaGuid, 8);
  bytes.writeUIntBE(seq, 24, 6);
  return bytes.toString('base64');
}
