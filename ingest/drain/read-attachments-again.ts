import {
  listUnreadAttachments,
  postponeUnreadAttachments,
  storeReadAttachments,
} from '../../database/capture/unread-attachments.ts';
import { isFailure } from '../../domain/failure.ts';
import { MESSAGE_WITHIN_MS } from '../../domain/schedule.ts';
import { createMessageBlame } from '../message/message-blame.ts';
import { attachmentsOf, isBeingScanned, SCAN_IN_PROGRESS } from '../message/page-preparation.ts';
import { type CaptureTurn, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';

/** Lists of attachments per turn. */
const RETRIES_PER_TURN = 3;

/**
 * Reads lists of attachments of captured messages again: those that could not be read at capture, and those with a
 * placeholder for an attachment that Microsoft was scanning.
 */
export async function readAttachmentsAgain(turn: CaptureTurn): Promise<void> {
  const { db, accountId } = turn;
  const due = await listUnreadAttachments(db, accountId, RETRIES_PER_TURN);
  if (due.length === 0) return;
  await turn.beforeStep(0, REQUESTS_OF_A_MESSAGE * due.length);
  const blame = createMessageBlame({ ...turn, withinMs: MESSAGE_WITHIN_MS });
  for (const { messageId, graphId } of due) {
    try {
      const attachments = await attachmentsOf(graphId, { ...turn, blame });
      if (attachments.some(isBeingScanned)) await postponeUnreadAttachments(db, messageId, SCAN_IN_PROGRESS);
      else await storeReadAttachments(db, messageId, attachments);
    } catch (error) {
      if (!isFailure(error, 'MessageRejected')) throw error;
      await postponeUnreadAttachments(db, messageId, error.code);
    }
  }
}
