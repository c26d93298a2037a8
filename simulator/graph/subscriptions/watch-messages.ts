import type { DatabaseSync } from 'node:sqlite';
import type { Folders } from '../create-folders.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import type { Messages } from '../create-messages.ts';
import { DELETED_FOR_GOOD } from '../routes/find-in-call.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { Notifier } from './create-notifier.ts';
import type { LiveSubscription, Subscriptions } from './create-subscriptions.ts';
import type { ChangeType } from './subscription.ts';

/**
 * Wraps the messages so that every change is sent to the subscriptions that it concerns. A move is a deletion in one
 * folder and a creation in another, also for a subscription to the whole mailbox (microsoft-graph-docs#11710). With a
 * filter, a message that starts to match it is created, and one that stops matching is deleted
 * (learn.microsoft.com/graph/outlook-change-notifications-overview).
 */
export function watchMessages(
  messages: Messages,
  parts: {
    readonly database: DatabaseSync;
    readonly folders: Folders;
    readonly subscriptions: Subscriptions;
    readonly notifier: Notifier;
  },
): Messages {
  const { database, folders, subscriptions, notifier } = parts;

  const matches = ({ restriction }: LiveSubscription, message: StoredMessage): boolean => {
    if (restriction === null) return true;
    const statement = database.prepare(`SELECT 1 FROM graph_messages m WHERE m.id = ? AND (${restriction.sql})`);
    return statement.get(message.id, ...restriction.parameters) !== undefined;
  };

  const covers = (mailbox: Mailbox, { folderNumber }: LiveSubscription, message: StoredMessage): boolean =>
    folderNumber === null
      ? folders.findByNumber(mailbox, message.folderNumber)?.wellKnown !== DELETED_FOR_GOOD
      : folderNumber === message.folderNumber;

  /** The subscriptions that match a message in its current folder. */
  const watching = (mailbox: Mailbox, message: StoredMessage): LiveSubscription[] =>
    subscriptions
      .ofMailbox(mailbox.id)
      .filter((subscription) => covers(mailbox, subscription, message) && matches(subscription, message));

  const tell = (
    mailbox: Mailbox,
    told: readonly LiveSubscription[],
    change: ChangeType,
    message: StoredMessage,
  ): void => {
    for (const subscription of told) notifier.tellChange(mailbox, subscription, change, message);
  };

  const created = (mailbox: Mailbox, message: StoredMessage): StoredMessage => {
    tell(mailbox, watching(mailbox, message), 'created', message);
    return message;
  };

  return {
    ...messages,

    deliver: (mailbox, ...rest) => created(mailbox, messages.deliver(mailbox, ...rest)),

    copy: (mailbox, ...rest) => created(mailbox, messages.copy(mailbox, ...rest)),

    update(mailbox, message, changes) {
      const before = watching(mailbox, message).map(({ id }) => id);
      const updated = messages.update(mailbox, message, changes);
      for (const subscription of subscriptions.ofMailbox(mailbox.id)) {
        const saw = before.includes(subscription.id);
        const sees = covers(mailbox, subscription, updated) && matches(subscription, updated);
        if (saw || sees) tell(mailbox, [subscription], saw ? (sees ? 'updated' : 'deleted') : 'created', updated);
      }
      return updated;
    },

    move(mailbox, message, target) {
      const before = watching(mailbox, message);
      const moved = messages.move(mailbox, message, target);
      if (moved.folderId === message.folderId) return moved;
      tell(mailbox, before, 'deleted', message);
      return created(mailbox, moved);
    },

    remove(mailbox, message) {
      const before = watching(mailbox, message);
      messages.remove(mailbox, message);
      tell(mailbox, before, 'deleted', message);
    },
  };
}
