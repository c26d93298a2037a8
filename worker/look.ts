import pLimit from 'p-limit';
import { findMissing, mailOf } from '../activities/capture-listed.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import type { Database } from '../database/database.ts';
import type { DueWatch } from '../database/looks.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { LOOK_WITHIN_MS } from '../domain/schedule.ts';
import { createMailboxClient, type MailboxClient } from '../graph/mailbox-client.ts';
import { drainShortly } from './short-drain.ts';

/**
 * Where the last answer did not come in time, it may have been the page that was too much: a small one is asked for, and a
 * drain, which has no such deadline, deals with what is there.
 */
const SMALL_PAGE_SIZE = 1;

/** What a look at a mailbox found. */
export type Look =
  /** Nothing new. The next look begins at this link; null: where the cursor stands. */
  | { readonly found: 'nothing'; readonly link: string | null }
  /** Mail, which is in its queues now. */
  | { readonly found: 'mail' }
  /** Something for the workflow: a backlog, or a state of the account. */
  | { readonly found: 'something' }
  /** The mailbox is somebody else's at the moment, or may not be read any more. */
  | { readonly found: 'elsewhere' }
  /** An error that nobody expected. A drain of the workflow's will show on the account what it is. */
  | { readonly found: 'error'; readonly error: unknown }
  /** Microsoft wants a person to sign in. For the account first, and for the workflow when it can be told. */
  | { readonly found: 'refused'; readonly failure: Failure }
  /** Microsoft answers this mailbox later than a look waits: a drain of the workflow's waits longer. */
  | { readonly found: 'slow'; readonly failure: Failure }
  /** Microsoft is away, asks to wait or refuses the settings: the next look tells more. */
  | { readonly found: 'nobody'; readonly failure: Failure };

/**
 * Short drains at a time: as many as a worker has database connections by default. More of them only share its one thread,
 * and take so long that they are given up to the workflow.
 */
const CONCURRENT_SHORT_DRAINS = 10;

/**
 * Looks whether a mailbox holds anything new: one page of changes, from where the last look ended. What it finds is taken
 * in at once, as far as that takes a moment. Where the mailbox is full and Microsoft therefore refuses delta, it is the list
 * of what came lately, against what is known. Never repeats its request by itself: the next look does. Throws the reason of
 * `stopped` when that is aborted.
 */
export function createLook(dependencies: Dependencies) {
  const { db, cloud, tokens, deltaPageSize } = dependencies;
  const limit = pLimit(CONCURRENT_SHORT_DRAINS);

  async function look(watch: DueWatch, stopped: AbortSignal): Promise<Look> {
    const { address, signInAs, link, listFrom, wasFull, wasUnavailable } = watch;
    const tooLate = AbortSignal.timeout(LOOK_WITHIN_MS);
    const signal = AbortSignal.any([stopped, tooLate]);
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress: signInAs === null ? undefined : address,
      getAccessToken: (options) => tokens.get(watch, { ...options, signal }),
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
    });
    let isRead = false;
    try {
      if (listFrom !== null) {
        const isNew = await listsUnknown(db, mailbox, { ...watch, listFrom }, signal);
        return isNew ? { found: 'something' } : { found: 'nothing', link };
      }
      if (link === null) return { found: 'something' };
      const pageSize = wasUnavailable ? SMALL_PAGE_SIZE : deltaPageSize;
      const page = await mailbox.readDeltaPage({ link }, { pageSize, signal });
      isRead = true;
      // That a mailbox has room again is for a drain to say.
      if (page.entries.length === 0 && !page.hasMore && !wasFull) return { found: 'nothing', link: page.link };
      const ahead = { link, page: Promise.resolve(page) };
      const requests = mailbox.requestsSent();
      const { outcome, captured } = await limit(drainShortly, dependencies, watch, { ahead, requests, signal });
      if (outcome === 'paused') return { found: 'elsewhere' };
      if (outcome === 'more') return { found: 'something' };
      return captured > 0 ? { found: 'mail' } : { found: 'nothing', link: null };
    } catch (error) {
      stopped.throwIfAborted();
      // Whoever takes that long over a page needs a drain without a deadline.
      if (tooLate.aborted) {
        if (isRead) return { found: 'something' };
        return { found: watch.isSlow ? 'slow' : 'nobody', failure: unanswered() };
      }
      if (!isFailure(error)) return { found: 'error', error };
      if (error.reason === 'mailbox-held') return { found: 'elsewhere' };
      if (error.type === 'CredentialRejected') return { found: 'refused', failure: error };
      return isWeather(error) ? { found: 'nobody', failure: error } : { found: 'something' };
    }
  }

  return {
    look,
    /** Looks that have read their page and wait for others' short drains. */
    waiting: () => limit.pendingCount,
  };
}

function isWeather({ type }: Failure): boolean {
  return type === 'Unavailable' || type === 'Throttled' || type === 'SettingsRejected';
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'service-down', code: 'timeout' });
}

async function listsUnknown(
  db: Database,
  mailbox: MailboxClient,
  { accountId, listFrom, captureFrom }: Pick<DueWatch, 'accountId' | 'captureFrom'> & { readonly listFrom: Date },
  signal: AbortSignal,
): Promise<boolean> {
  let from: Date | undefined = listFrom;
  do {
    const { messages, next } = await mailbox.listInbox({ from }, signal);
    const missing = await findMissing({ db, accountId }, mailOf(messages, captureFrom ?? undefined));
    if (missing.length > 0) return true;
    from = next;
  } while (from);
  return false;
}
