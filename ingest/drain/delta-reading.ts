import type { Cursor } from '../../database/ingest/cursors.ts';
import type { DeltaTrouble } from '../../domain/delta-trouble.ts';
import { type Failure, isFailure } from '../../domain/failure.ts';
import { PAGE_SHRINKS_BY } from '../../domain/schedule.ts';
import { UnexpectedAnswer } from '../../graph/client/unexpected-answer.ts';
import type { DeltaPage } from '../../graph/mail/delta-page.ts';
import { isFaultOfPage } from '../../graph/mail/inbox-slice.ts';
import type { DeltaPosition, MailboxClient } from '../../graph/mail/mailbox-client.ts';
import { canBeRead } from '../access/can-be-read.ts';

/** Delta does not work at the moment, although the mailbox can be read. */
export interface DeltaRefusal {
  readonly trouble: DeltaTrouble;
  /** Microsoft's own code. */
  readonly code: string | undefined;
}

/** A page of changes and the page size with which it succeeded, or the reason why there is none. */
export type DeltaReading = { readonly page: DeltaPage; readonly pageSize: number } | DeltaRefusal;

export interface DeltaRequest {
  readonly mailbox: MailboxClient;
  readonly position: DeltaPosition;
  readonly pageSize: number;
  readonly signal: AbortSignal;
  /** Trouble with this mailbox has lasted, so a page's requests to wait are no longer followed. */
  readonly hasLasted: () => Promise<boolean>;
}

/**
 * Reads a page of changes. A page that fails is requested again with fewer messages: it may be too large for the mail
 * server's gateway, or hold a message that the server cannot return. A failure of delta counts as one of the mailbox
 * only when the mailbox cannot be read otherwise, too.
 *
 * Throws CursorExpired when the walk has to start over, and failures of the whole mailbox.
 */
export async function readDelta({
  mailbox,
  position,
  pageSize,
  signal,
  hasLasted,
}: DeltaRequest): Promise<DeltaReading> {
  for (let size = pageSize; ; size = Math.max(1, Math.floor(size / PAGE_SHRINKS_BY))) {
    try {
      return { page: await mailbox.readDeltaPage(position, { pageSize: size, signal }), pageSize: size };
    } catch (error) {
      signal.throwIfAborted();
      // The client has read the inbox before it throws this.
      if (isFailure(error, 'CursorExpired') && error.reason === 'delta-refused') {
        return { trouble: 'delta-refused', code: error.code };
      }
      if (isRefusal(error)) {
        if (!(await canBeRead(() => mailbox.proveAccess(signal)))) throw error;
        return { trouble: 'delta-refused', code: error.code };
      }
      if (!(await isOfPage(error, hasLasted))) throw error;
      if (size === pageSize && !(await canBeRead(() => mailbox.proveAlive(signal)))) throw error;
      if (size === 1) return { trouble: 'delta-failed', code: codeOf(error) };
    }
  }
}

/**
 * 403, 404 and 400 to delta: failures of the mailbox only if lists are refused as well. Leaves out refusals that only a
 * person can change.
 */
function isRefusal(error: unknown): error is Failure | UnexpectedAnswer {
  if (error instanceof UnexpectedAnswer) return error.status !== undefined && error.status >= 400 && error.status < 500;
  return isFailure(error, 'MailboxGone') || isFailure(error, 'AccessRefused');
}

/** A page may ask to wait for ever, so its requests are followed for a limited time. */
async function isOfPage(error: unknown, hasLasted: () => Promise<boolean>): Promise<boolean> {
  if (error instanceof UnexpectedAnswer || isFaultOfPage(error)) return true;
  if (isFailure(error, 'Unavailable') && error.reason === 'page-without-link') return true;
  return isFailure(error, 'Unavailable') && error.reason !== 'mailbox-held' && (await hasLasted());
}

function codeOf(error: unknown): string | undefined {
  return isFailure(error) || error instanceof UnexpectedAnswer ? error.code : undefined;
}

/** The position of a cursor's next page. */
export function positionOf({ link, folder, receivedSince }: Cursor): DeltaPosition {
  return link === null ? { start: { folder, receivedSince } } : { link };
}
