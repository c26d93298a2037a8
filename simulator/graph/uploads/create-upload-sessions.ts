import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { transact } from '../../transact.ts';

/** The file that a session is for. */
export interface UploadItem {
  readonly name: string;
  readonly contentType: string;
  readonly isInline: boolean;
  readonly contentId: string | null;
}

export interface UploadSession {
  readonly id: number;
  readonly token: string;
  /** The mailbox and the number of the message that gets the attachment. */
  readonly mailboxOid: string;
  readonly messageNumber: number;
  readonly item: UploadItem;
  /** In bytes: of the whole file, and what has arrived. */
  readonly size: number;
  readonly received: number;
  readonly expiresAt: Date;
}

/** Files that arrive in ranges. They survive a restart, like everything in the simulator. */
export interface UploadSessions {
  open(session: Pick<UploadSession, 'mailboxOid' | 'messageNumber' | 'item' | 'size' | 'expiresAt'>): UploadSession;
  findByToken(token: string): UploadSession | undefined;
  /** Adds the next range. */
  append(session: UploadSession, bytes: Uint8Array): UploadSession;
  readBytes(session: UploadSession): Buffer;
  close(session: UploadSession): void;
}

export function createUploadSessions(database: DatabaseSync): UploadSessions {
  const insert = database.prepare(
    `INSERT INTO graph_upload_sessions (token, mailbox_oid, message_number, item, size, expires_at)
     VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
  );
  const byToken = database.prepare('SELECT * FROM graph_upload_sessions WHERE token = ?');
  const insertRange = database.prepare('INSERT INTO graph_upload_ranges (session_id, start, bytes) VALUES (?, ?, ?)');
  const receive = database.prepare('UPDATE graph_upload_sessions SET received = received + ? WHERE id = ? RETURNING *');
  const ranges = database.prepare('SELECT bytes FROM graph_upload_ranges WHERE session_id = ? ORDER BY start');
  const remove = database.prepare('DELETE FROM graph_upload_sessions WHERE id = ?');
  return {
    open({ mailboxOid, messageNumber, item, size, expiresAt }) {
      const token = randomBytes(32).toString('base64url');
      const row = insert.get(token, mailboxOid, messageNumber, JSON.stringify(item), size, expiresAt.getTime());
      return sessionFromRow(row ?? {});
    },
    findByToken(token) {
      const row = byToken.get(token);
      return row && sessionFromRow(row);
    },
    append: (session, bytes) =>
      transact(database, () => {
        insertRange.run(session.id, session.received, bytes);
        return sessionFromRow(receive.get(bytes.length, session.id) ?? {});
      }),
    readBytes: ({ id }) => Buffer.concat(ranges.all(id).map((row) => row.bytes as Uint8Array)),
    close({ id }) {
      remove.run(id);
    },
  };
}

function sessionFromRow(row: Record<string, unknown>): UploadSession {
  return {
    id: Number(row.id),
    token: String(row.token),
    mailboxOid: String(row.mailbox_oid),
    messageNumber: Number(row.message_number),
    item: JSON.parse(String(row.item)),
    size: Number(row.size),
    received: Number(row.received),
    expiresAt: new Date(Number(row.expires_at)),
  };
}
