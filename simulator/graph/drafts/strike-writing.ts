import type { Faults } from '../../faults.ts';
import type { MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';

/** What faults do to a mail that is accepted. */
export interface SendingStrike {
  /** The answer is 202, and the draft stays what it is. */
  readonly isLost: boolean;
  readonly delayMs: number;
  readonly copies: number;
}

const DEFAULT_DELAY_MS = 5_000;

/** A full mailbox takes nothing new (the fault `quota`). */
export function checkQuota(faults: Faults, { endpoint, mailbox }: MailboxCall): void {
  if (!faults.take('quota', { endpoint, mailbox: mailbox.address })) return;
  throw new GraphError(403, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.');
}

/** Applies the faults of sending; throws for those that refuse it. */
export function strikeSending(faults: Faults, { endpoint, mailbox }: MailboxCall): SendingStrike {
  const place = { endpoint, mailbox: mailbox.address };
  const refused = faults.take('send-refused', place);
  if (refused) {
    const code = refused.error ?? 'ErrorMessageSubmissionBlocked';
    throw new GraphError(refused.status ?? 403, code, 'Cannot submit message., The message was refused.');
  }
  const late = faults.take('late-send', place);
  return {
    isLost: faults.take('lost-send', place) !== undefined,
    delayMs: late ? (late.delayMs ?? DEFAULT_DELAY_MS) : 0,
    copies: faults.take('duplicate-send', place) ? 2 : 1,
  };
}
