import { findItemContent, type ItemAttachment, listItemAttachments } from '../../database/content/item-attachments.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import { messageDeleted, noSuchItem } from '../items/item-problems.ts';

/** The message of an item, and one of its attachments. They throw the Problem that says what there is not. */
export function createItemContent({ db }: Pick<ApiDependencies, 'db'>) {
  async function findMessage(itemId: string) {
    const item = await findItemContent(db, itemId);
    if (!item) throw noSuchItem();
    if (item.messageId === null) throw messageDeleted();
    return { ...item, messageId: item.messageId };
  }

  async function findAttachment(itemId: string, attachmentId: string) {
    const { messageId } = await findMessage(itemId);
    const [attachment]: readonly (ItemAttachment | undefined)[] = await listItemAttachments(
      db,
      messageId,
      attachmentId,
    );
    if (!attachment) throw noSuchAttachment();
    return { messageId, attachment };
  }

  return { findMessage, findAttachment };
}

export function noSuchAttachment(): Problem {
  return new Problem('no-such-attachment', 'The message does not have this attachment. Read the item again.');
}
