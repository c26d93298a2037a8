import type { DatabaseSync } from 'node:sqlite';
import type { MailAddress } from '../../mail/received-mail.ts';

/** A mail that was accepted for sending. Its message is found by number, as long as it exists. */
export interface AcceptedMail {
  readonly mailboxId: number;
  readonly messageNumber: number;
  /** Whether the message goes to Sent Items; otherwise it vanishes. */
  readonly isSaved: boolean;
  /** How often every recipient gets it: once, but for a fault. */
  readonly copies: number;
  readonly dueAt: Date;
  readonly sender: MailAddress;
  readonly from: MailAddress;
  readonly recipients: readonly MailAddress[];
  readonly subject: string;
  readonly internetMessageId: string;
  readonly mime: Uint8Array;
}

/** The same, with what became of it. */
export interface SentMail extends Omit<AcceptedMail, 'mime'> {
  readonly id: number;
  readonly mailboxAddress: string;
  readonly oid: string;
  readonly acceptedAt: Date;
  /** Null as long as it waits. */
  readonly sentAt: Date | null;
  /** Recipients with a mailbox here, and those from whom a report of failure came back. */
  readonly deliveredTo: readonly string[];
  readonly bouncedTo: readonly string[];
}

/** The queue of accepted mails, which is also the record of everything that left. */
export interface SentMails {
  accept(mail: AcceptedMail): number;
  find(id: number): SentMail | undefined;
  /** Newest first. */
  list(limit: number): SentMail[];
  listWaiting(): SentMail[];
  /** Whether the message is on its way at this moment; one that waits is not. */
  isLeaving(mailboxId: number, messageNumber: number, now: Date): boolean;
  readMime(id: number): Uint8Array;
  markSent(id: number, deliveredTo: readonly string[], bouncedTo: readonly string[]): void;
  /** The due time of the mailbox's mail that is so many places from its newest; undefined where there are fewer. */
  findDueAt(mailboxId: number, places: number): Date | undefined;
  /** Recipients of the mailbox's mails since then. */
  countRecipients(mailboxId: number, since: Date): number;
  clear(): number;
}

const COLUMNS = `s.id, s.mailbox_id, s.message_number, s.is_saved, s.copies, s.accepted_at, s.due_at, s.sent_at, s.sender,
  s.from_address, s.recipients, s.subject, s.internet_message_id, s.delivered_to, s.bounced_to, b.address, b.oid`;
const FROM = 'graph_sent_mails s JOIN graph_mailboxes b ON b.id = s.mailbox_id';

export function createSentMails(database: DatabaseSync): SentMails {
  const insert = database.prepare(
    `INSERT INTO graph_sent_mails (mailbox_id, message_number, is_saved, copies, accepted_at, due_at, sender,
       from_address, recipients, subject, internet_message_id, mime)
     VALUES (?, ?, ?, ?, unixepoch(), ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
  );
  const byId = database.prepare(`SELECT ${COLUMNS} FROM ${FROM} WHERE s.id = ?`);
  const newest = database.prepare(`SELECT ${COLUMNS} FROM ${FROM} ORDER BY s.id DESC LIMIT ?`);
  const waiting = database.prepare(`SELECT ${COLUMNS} FROM ${FROM} WHERE s.sent_at IS NULL ORDER BY s.due_at`);
  const leaving = database.prepare(
    `SELECT 1 FROM graph_sent_mails
     WHERE sent_at IS NULL AND mailbox_id = ? AND message_number = ? AND due_at <= ?`,
  );
  const mime = database.prepare('SELECT mime FROM graph_sent_mails WHERE id = ?');
  const sent = database.prepare(
    'UPDATE graph_sent_mails SET sent_at = unixepoch(), delivered_to = ?, bounced_to = ? WHERE id = ?',
  );
  const dueAt = database.prepare(
    'SELECT due_at FROM graph_sent_mails WHERE mailbox_id = ? ORDER BY due_at DESC LIMIT 1 OFFSET ?',
  );
  const recipients = database.prepare(
    `SELECT coalesce(sum(json_array_length(recipients)), 0) AS count FROM graph_sent_mails
     WHERE mailbox_id = ? AND due_at >= ?`,
  );
  const clear = database.prepare('DELETE FROM graph_sent_mails WHERE sent_at IS NOT NULL');
  return {
    accept(mail) {
      const row = insert.get(
        mail.mailboxId,
        mail.messageNumber,
        Number(mail.isSaved),
        mail.copies,
        mail.dueAt.getTime(),
        JSON.stringify(mail.sender),
        JSON.stringify(mail.from),
        JSON.stringify(mail.recipients),
        mail.subject,
        mail.internetMessageId,
        mail.mime,
      );
      return Number(row?.id);
    },
    find(id) {
      const row = byId.get(id);
      return row && sentMailFromRow(row);
    },
    list: (limit) => newest.all(limit).map(sentMailFromRow),
    listWaiting: () => waiting.all().map(sentMailFromRow),
    isLeaving: (mailboxId, messageNumber, now) => leaving.get(mailboxId, messageNumber, now.getTime()) !== undefined,
    readMime: (id) => (mime.get(id)?.mime as Uint8Array | undefined) ?? new Uint8Array(),
    markSent(id, deliveredTo, bouncedTo) {
      sent.run(JSON.stringify(deliveredTo), JSON.stringify(bouncedTo), id);
    },
    findDueAt(mailboxId, places) {
      const row = dueAt.get(mailboxId, places);
      return row && new Date(Number(row.due_at));
    },
    countRecipients: (mailboxId, since) => Number(recipients.get(mailboxId, since.getTime())?.count),
    clear: () => Number(clear.run().changes),
  };
}

function sentMailFromRow(row: Record<string, unknown>): SentMail {
  return {
    id: Number(row.id),
    mailboxId: Number(row.mailbox_id),
    mailboxAddress: String(row.address),
    oid: String(row.oid),
    messageNumber: Number(row.message_number),
    isSaved: row.is_saved === 1,
    copies: Number(row.copies),
    acceptedAt: new Date(Number(row.accepted_at) * 1000),
    dueAt: new Date(Number(row.due_at)),
    sentAt: row.sent_at === null ? null : new Date(Number(row.sent_at) * 1000),
    sender: JSON.parse(String(row.sender)),
    from: JSON.parse(String(row.from_address)),
    recipients: JSON.parse(String(row.recipients)),
    subject: String(row.subject ?? ''),
    internetMessageId: String(row.internet_message_id),
    deliveredTo: JSON.parse(String(row.delivered_to)),
    bouncedTo: JSON.parse(String(row.bounced_to)),
  };
}
