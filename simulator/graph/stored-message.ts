import type { MessageKey } from './identifiers.ts';

/** A message of a mailbox without its bodies, which are read only on demand. */
export interface StoredMessage extends MessageKey {
  readonly id: number;
  readonly mailboxId: number;
  readonly folderId: number;
  readonly lastSeq: number;
  readonly enteredSeq: number;
  /** Whether it came into its folder by a move. */
  readonly movedIn: boolean;
  /** The change number of the last change of each property that changed since delivery. */
  readonly changed: Readonly<Record<string, number>>;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly receivedAt: number;
  readonly isRead: boolean;
  readonly conversation: Uint8Array;
  /** The properties that are the same in every answer. */
  readonly content: Readonly<Record<string, unknown>>;
}

export interface StoredBody {
  readonly text: string | null;
  readonly html: string | null;
}

/** The columns of a `StoredMessage`; `m` is the table's name in the query. */
export const MESSAGE_COLUMNS = `
  m.id, m.mailbox_id, m.folder_id, m.folder_number, m.number, m.item_number, m.last_seq, m.entered_seq, m.moved_in,
  m.changed, m.created_at, m.modified_at, m.received_at, m.is_read, m.conversation, m.content`;

export function messageFromRow(row: Record<string, unknown>): StoredMessage {
  return {
    id: Number(row.id),
    mailboxId: Number(row.mailbox_id),
    folderId: Number(row.folder_id),
    folderNumber: Number(row.folder_number),
    number: Number(row.number),
    itemNumber: Number(row.item_number),
    lastSeq: Number(row.last_seq),
    enteredSeq: Number(row.entered_seq),
    movedIn: row.moved_in === 1,
    changed: row.changed === '{}' ? {} : JSON.parse(String(row.changed)),
    createdAt: Number(row.created_at),
    modifiedAt: Number(row.modified_at),
    receivedAt: Number(row.received_at),
    isRead: row.is_read === 1,
    conversation: row.conversation as Uint8Array,
    content: JSON.parse(String(row.content)),
  };
}
