import { readMime } from '../../mail/read-mime.ts';
import type { ReceivedMail } from '../../mail/received-mail.ts';
import { transact } from '../../transact.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import { describeRecipient, wholeSeconds } from '../describe-mail.ts';
import type { GraphContext } from '../graph-context.ts';
import { composeReport } from './compose-report.ts';
import type { SentMail } from './create-sent-mails.ts';
import { stampDelivery } from './stamp-delivery.ts';
import type { Transport } from './transport.ts';

interface Copy {
  readonly mailbox: Mailbox;
  readonly mime: Buffer;
  readonly mail: ReceivedMail;
}

/** The longest time that a timer takes, 24.8 days. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export function createTransport(context: Omit<GraphContext, 'transport'>): Transport {
  const { database, directory, drafts, folders, mailboxes, messages, sentMails, undeliverable } = context;
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  /** What arrives here, read before the transaction: copies for recipients, reports of failure for the sender. */
  const prepareCopies = async (sent: SentMail, mime: Uint8Array): Promise<{ copies: Copy[]; bouncedTo: string[] }> => {
    const bounced = sent.recipients.flatMap(({ address }) => {
      const failure = undeliverable.find(address);
      return failure ? [{ address, ...failure }] : [];
    });
    const failed = new Set(bounced.map(({ address }) => address));
    const arriving = sent.recipients.filter(({ address }) => !failed.has(address));
    const users = arriving.flatMap(({ address }) => directory.findUser(address) ?? []);
    const stamped = stampDelivery(mime, sent.from.address);
    const mail = await readMime(stamped);
    const copies = [...new Map(users.map((user) => [user.oid, user])).values()].flatMap((user) =>
      Array.from({ length: sent.copies }, () => ({ mailbox: mailboxes.ensure(user), mime: stamped, mail })),
    );
    if (bounced.length === 0) return { copies, bouncedTo: [] };
    const author = directory.findUser(sent.from.address);
    const report = await composeReport(sent, mime, bounced);
    const back = author ? [{ mailbox: mailboxes.ensure(author), mime: report, mail: await readMime(report) }] : [];
    return { copies: [...copies, ...back], bouncedTo: [...failed] };
  };

  const settleMessage = (sent: SentMail, mailbox: Mailbox, mime: Uint8Array, now: Date): void => {
    const message = messages.findByNumber(mailbox, sent.messageNumber);
    // A second submission of the same draft finds it sent, and one that was deleted in the meantime leaves no copy.
    if (message?.content.isDraft !== true) return;
    if (!sent.isSaved) {
      messages.remove(mailbox, message);
      return;
    }
    const content = {
      from: describeRecipient(sent.from),
      sender: describeRecipient(sent.sender),
      sentDateTime: wholeSeconds(now),
    };
    const marked = drafts.markSent(mailbox, message, { mime, sentAt: now, content });
    const sentItems = folders.find(mailbox, 'sentitems');
    if (sentItems) messages.move(mailbox, marked, sentItems);
  };

  const carryOut = async (id: number): Promise<void> => {
    const sent = sentMails.find(id);
    const mailbox = sent && mailboxes.findByOid(sent.oid);
    if (!sent || !mailbox || sent.sentAt !== null) return;
    const mime = sentMails.readMime(id);
    const { copies, bouncedTo } = await prepareCopies(sent, mime);
    if (isClosed) return;
    const now = new Date();
    transact(database, () => {
      if (sentMails.find(id)?.sentAt !== null) return;
      settleMessage(sent, mailbox, mime, now);
      for (const copy of copies) {
        const inbox = folders.find(copy.mailbox, 'inbox');
        if (inbox) messages.deliver(copy.mailbox, inbox, copy.mail, copy.mime, now);
      }
      sentMails.markSent(id, [...new Set(copies.map((copy) => copy.mailbox.address))], bouncedTo);
    });
  };

  const send = async (id: number): Promise<void> => {
    const sent = sentMails.find(id);
    if (!sent) return;
    const waitMs = sent.dueAt.getTime() - Date.now();
    if (waitMs <= 0) return await carryOut(id);
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void send(id);
      },
      Math.min(waitMs, LONGEST_WAIT_MS),
    );
    timer.unref();
    timers.add(timer);
  };

  return {
    send,
    resume() {
      for (const { id } of sentMails.listWaiting()) void send(id);
    },
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
