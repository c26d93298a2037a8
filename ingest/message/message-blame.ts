import { Failure, isFailure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import type { MailboxClient } from '../../graph/mail/mailbox-client.ts';
import { canBeRead } from '../access/can-be-read.ts';
import { createDeadline } from '../access/deadline.ts';

/** Codes by which Exchange blames a message's content, whatever the form of the request. */
const CODES_OF_CONTENT = /^error(content|mime|corrupt|cannotopen|item|message|attachment|property|invalid)/i;
/** So many messages of a page that fail without such a code suggest a mail server in trouble, at first. */
const MANY = 3;

/** A request failed on its first try, although the mailbox can be read: a drain will retry it. */
export class LeftToDrain extends Error {
  override readonly name = 'LeftToDrain';
}

export interface MessageBlame {
  /**
   * Runs a request for one message. Throws MessageRejected when the message cannot be read although the mailbox can,
   * and otherwise the failure of the whole mailbox.
   */
  ask<Answer>(request: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
}

export interface BlameOptions {
  readonly mailbox: Pick<MailboxClient, 'proveAlive'>;
  readonly signal: AbortSignal;
  /** Milliseconds after which a message counts as unreadable. */
  readonly withinMs: number;
  /** Requests are sent only once, which is too little to blame a message. */
  readonly isShort: boolean;
  /** Trouble with this mailbox has lasted, so many failing messages are no hiccup. */
  readonly hasLasted: () => Promise<boolean>;
}

/**
 * Distinguishes a message that Microsoft cannot return (500 for ever, microsoft-graph-docs#2913, alcionai/corso#5419)
 * from a mailbox, or a Microsoft, that cannot be read at the moment: by reading the mailbox in another way. One
 * instance for the messages of a page.
 */
export function createMessageBlame({ mailbox, signal, withinMs, isShort, hasLasted }: BlameOptions): MessageBlame {
  let unexplained = 0;

  return {
    async ask(request) {
      const deadline = createDeadline(withinMs, signal);
      try {
        return await request(deadline.signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const error = deadline.isOver() ? unanswered() : thrown;
        if (!mayBeOfMessage(error) || !(await canBeRead(() => mailbox.proveAlive(signal)))) throw error;
        if (isShort) throw new LeftToDrain();
        const { code, requestId } = error;
        const isWait = isFailure(error) && error.retryAfterMs !== undefined;
        const isSuspect = isWait || (!CODES_OF_CONTENT.test(code ?? '') && ++unexplained >= MANY);
        if (isSuspect && !(await hasLasted())) throw error;
        throw new Failure('MessageRejected', 'Microsoft cannot give this message', {
          reason: 'unreadable',
          code,
          requestId,
        });
      } finally {
        deadline.clear();
      }
    },
  };
}

/** Limits belong to the mailbox, wrong settings to all accounts, and a MessageRejected is already decided. */
function mayBeOfMessage(error: unknown): error is Failure | UnexpectedAnswer {
  if (error instanceof UnexpectedAnswer) return true;
  if (!isFailure(error)) return false;
  const { type, reason } = error;
  if (type === 'Unavailable') return reason !== 'mailbox-held';
  return type === 'MailboxGone' || (type === 'AccessRefused' && reason === 'access-denied');
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'network', code: 'timeout' });
}
