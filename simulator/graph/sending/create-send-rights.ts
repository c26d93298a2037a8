import type { DatabaseSync } from 'node:sqlite';
import type { Mailboxes } from '../create-mailboxes.ts';

/** How a person may send from another person's mailbox. */
export const SEND_RIGHTS = ['as', 'on-behalf', 'none'] as const;

export type SendRight = (typeof SEND_RIGHTS)[number];

/** Who may send from which mailbox. */
export interface SendRights {
  /** Members of a mailbox send as it, as the admin center sets it up, unless another right was given. */
  find(ownerOid: string, userOid: string): SendRight;
  set(ownerOid: string, userOid: string, right: SendRight): void;
}

export function createSendRights(database: DatabaseSync, mailboxes: Mailboxes): SendRights {
  const given = database.prepare('SELECT send_right FROM graph_send_rights WHERE owner_oid = ? AND user_oid = ?');
  const give = database.prepare(
    `INSERT INTO graph_send_rights (owner_oid, user_oid, send_right) VALUES (?, ?, ?)
     ON CONFLICT (owner_oid, user_oid) DO UPDATE SET send_right = excluded.send_right`,
  );
  return {
    find(ownerOid, userOid) {
      const row = given.get(ownerOid, userOid);
      if (row) return row.send_right as SendRight;
      return mailboxes.isDelegate(ownerOid, userOid) ? 'as' : 'none';
    },
    set(ownerOid, userOid, right) {
      give.run(ownerOid, userOid, right);
    },
  };
}
