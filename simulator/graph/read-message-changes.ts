import type { DatabaseSync } from 'node:sqlite';
import type { Folder } from './create-folders.ts';
import type { DeltaState } from './delta-token.ts';
import type { MessageKey } from './identifiers.ts';
import { MESSAGE_COLUMNS, messageFromRow, type StoredMessage } from './stored-message.ts';

export type MessageChange =
  | {
      readonly kind: 'present';
      readonly seq: number;
      readonly message: StoredMessage;
      /** Whether it had left the folder before; looked up on demand. */
      readonly hasReturned: () => boolean;
    }
  | ({ readonly kind: 'removed'; readonly seq: number; readonly isBack: boolean } & MessageKey);

export interface ChangesPage<Change> {
  readonly changes: readonly Change[];
  /** The state after this page, still with the old generation. */
  readonly state: DeltaState;
  readonly hasMore: boolean;
}

/** Reads the next page of a folder's changes. The cost depends on the page, not on the size of the mailbox. */
export type MessageChangesReader = (folder: Folder, state: DeltaState, limit: number) => ChangesPage<MessageChange>;

export function createMessageChangesReader(database: DatabaseSync): MessageChangesReader {
  const changed = database.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m WHERE folder_id = ? AND last_seq > ? ORDER BY last_seq LIMIT ?`,
  );
  const removed = database.prepare(
    `SELECT r.seq, r.number, r.item_number,
       EXISTS (SELECT 1 FROM graph_messages m
               WHERE m.mailbox_id = ? AND m.number = r.number AND m.folder_id = r.folder_id) AS is_back
     FROM graph_message_removals r WHERE r.folder_id = ? AND r.seq > ? ORDER BY r.seq LIMIT ?`,
  );
  const removal = database.prepare('SELECT 1 FROM graph_message_removals WHERE folder_id = ? AND number = ?');
  const newestFirst = database.prepare(
    `SELECT ${MESSAGE_COLUMNS} FROM graph_messages m
     WHERE folder_id = ? AND (received_at, number) < (?, ?) AND received_at >= ?
     ORDER BY received_at DESC, number DESC LIMIT ?`,
  );

  const presentFrom = (row: Record<string, unknown>): Extract<MessageChange, { kind: 'present' }> => {
    const message = messageFromRow(row);
    const hasReturned = (): boolean => removal.get(message.folderId, message.number) !== undefined;
    return { kind: 'present', seq: message.lastSeq, message, hasReturned };
  };

  const readWalk = (
    folder: Folder,
    state: DeltaState,
    walk: NonNullable<DeltaState['walk']>,
    limit: number,
  ): ChangesPage<MessageChange> => {
    const allowed = Math.min(limit, walk.left);
    const from = state.options.receivedFrom ?? Number.MIN_SAFE_INTEGER;
    const rows = newestFirst.all(folder.id, walk.receivedAt, walk.number, from, allowed + 1);
    const found = rows.slice(0, allowed).map(presentFrom);
    const last = found.at(-1)?.message;
    const left = walk.left - found.length;
    const hasMore = rows.length > allowed && left > 0;
    const next = hasMore && last ? { receivedAt: last.receivedAt, number: last.number, left } : null;
    return {
      changes: found,
      // Changes since the walk began belong to the next round.
      state: next ? { ...state, walk: next } : { ...state, walk: null, position: state.startedAt },
      hasMore,
    };
  };

  return (folder, state, limit) => {
    if (state.walk) return readWalk(folder, state, state.walk, limit);
    // The folder counts every change in it, so that an idle poll needs no further query.
    if (folder.lastSeq <= state.position) return { changes: [], state, hasMore: false };
    const present = changed.all(folder.id, state.position, limit + 1).map(presentFrom);
    const removedAfter = Math.max(state.position, state.startedAt);
    const gone = removed.all(state.mailboxId, folder.id, removedAfter, limit + 1).map(
      (row): MessageChange => ({
        kind: 'removed',
        seq: Number(row.seq),
        isBack: row.is_back === 1,
        folderNumber: folder.number,
        itemNumber: Number(row.item_number),
        number: Number(row.number),
      }),
    );
    const all = [...present, ...gone].sort((one, other) => one.seq - other.seq);
    const changes = all.slice(0, limit);
    const hasMore = all.length > limit;
    const told = changes.at(-1)?.seq ?? state.position;
    return { changes, state: { ...state, position: hasMore ? told : Math.max(told, folder.lastSeq) }, hasMore };
  };
}
