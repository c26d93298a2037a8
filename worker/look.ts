import pLimit from 'p-limit';
import { findMissing } from '../activities/capture-listed.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { LeftToDrain } from '../activities/message-blame.ts';
import type { DueWatch } from '../database/looks.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { LOOK_WITHIN_MS } from '../domain/schedule.ts';
import { isFaultOfPage } from '../graph/inbox-slice.ts';
import { createMailboxClient, type MailboxClient } from '../graph/mailbox-client.ts';
import { listMissing } from './list-check.ts';
import { drainShortly } from './short-drain.ts';

/**
 * Where the last answer did not come in time, it may have been the page that was too much: a small one is asked for, and a
 * drain, which has no such deadline, deals with what is there.
 */
const SMALL_PAGE_SIZE = 1;

/** What a look at a mailbox found. */
export type Look =
  /** Nothing new. The next look begins at this link; null: where the cursor stands. */
  | { readonly found: 'nothing'; readonly link: string | null; readonly isChecked: boolean }
  /** Mail, which is in its queues now. */
  | { readonly found: 'mail' }
  /** Something for the workflow: a backlog, or a state of the account. */
  | { readonly found: 'something' }
  /** Mail of which delta does not tell. For the account first, then for the workflow. */
  | { readonly found: 'silence' }
  /** The mailbox is somebody else's at the moment, or may not be read any more. */
  | { readonly found: 'elsewhere' }
  /** An error that nobody expected. A drain of the workflow's will show on the account what it is. */
  | { readonly found: 'error'; readonly error: unknown }
  /** Microsoft wants a person to sign in. For the account first, and for the workflow when it can be told. */
  | { readonly found: 'refused'; readonly failure: Failure }
  /** A page does not come, or later than a look waits: a drain of the workflow's waits longer, and asks for less. */
  | { readonly found: 'slow'; readonly failure: Failure }
  /** Microsoft is away, asks to wait, or refuses the settings or the access: the next look tells more. */
  | { readonly found: 'nobody'; readonly failure: Failure };

/**
 * Short drains at a time: as many as a worker has database connections by default. More of them only share its one thread,
 * and take so long that they are given up to the workflow.
 */
const CONCURRENT_SHORT_DRAINS = 10;

/**
 * Looks whether a mailbox holds anything new: one page of changes, from where the last look ended. What it finds is taken
 * in at once, as far as that takes a moment. Where lists take the place of delta, it is the list of what came lately,
 * against what is known; and now and then both, because delta may keep silent. Never repeats its request by itself: the
 * next look does. Throws the reason of `stopped` when that is aborted.
 */
export function createLook(dependencies: Dependencies) {
  const { db, cloud, tokens, deltaPageSize } = dependencies;
  const limit = pLimit(CONCURRENT_SHORT_DRAINS);

  async function look(watch: DueWatch, stopped: AbortSignal): Promise<Look> {
    const { accountId, address, signInAs, link, listFrom, wasListed, wasUnavailable } = watch;
    const tooLate = AbortSignal.timeout(LOOK_WITHIN_MS);
    const signal = AbortSignal.any([stopped, tooLate]);
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress: signInAs === null ? undefined : address,
      getAccessToken: (options) => tokens.get(watch, { ...options, signal }),
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
    });
    const captureFrom = watch.captureFrom ?? undefined;
    let isRead = false;
    try {
      if (listFrom !== null) {
        const missing = await listMissing({ db, accountId, mailbox, captureFrom, signal }, { from: listFrom });
        return missing.length > 0 ? { found: 'something' } : { found: 'nothing', link, isChecked: true };
      }
      if (link === null) return { found: 'something' };
      // First the list, then delta: what delta does not tell of after that, it never will.
      const { checkFrom, checkBefore } = watch;
      const unchecked =
        checkFrom && checkBefore && checkFrom < checkBefore
          ? await listMissing({ db, accountId, mailbox, captureFrom, signal }, { from: checkFrom, before: checkBefore })
          : undefined;
      const pageSize = wasUnavailable ? SMALL_PAGE_SIZE : (watch.pageSize ?? deltaPageSize);
      const page = await mailbox.readDeltaPage({ link }, { pageSize, signal });
      isRead = true;
      // That delta works again is for a drain to say.
      if (page.entries.length === 0 && !page.hasMore && !wasListed) {
        if (unchecked === undefined) return { found: 'nothing', link: page.link, isChecked: false };
        const stillMissing = await findMissing({ db, accountId }, unchecked);
        return stillMissing.length > 0 ? { found: 'silence' } : { found: 'nothing', link: page.link, isChecked: true };
      }
      const ahead = { link, page: Promise.resolve(page) };
      const requests = mailbox.requestsSent();
      const { outcome, captured } = await limit(drainShortly, dependencies, watch, { ahead, requests, signal });
      if (outcome === 'paused') return { found: 'elsewhere' };
      if (outcome === 'more' || wasListed) return { found: 'something' };
      return captured > 0 ? { found: 'mail' } : { found: 'nothing', link: null, isChecked: false };
    } catch (error) {
      stopped.throwIfAborted();
      // Graph is slow on this page. Leave it to the workflow's drain, which has no deadline.
      if (tooLate.aborted) {
        if (isRead) return { found: 'something' };
        return { found: watch.isSlow ? 'slow' : 'nobody', failure: unanswered() };
      }
      if (error instanceof LeftToDrain) return { found: 'something' };
      if (!isFailure(error)) return { found: 'error', error };
      if (error.reason === 'mailbox-held') return { found: 'elsewhere' };
      if (error.type === 'CredentialRejected') return { found: 'refused', failure: error };
      if (!isWeather(error)) return { found: 'something' };
      // A page that fails twice while the mailbox can be read is one for a drain, which asks for less.
      const isOfPage = wasUnavailable && isFaultOfPage(error) && (await answers(() => mailbox.proveAlive(signal)));
      return { found: isOfPage ? 'slow' : 'nobody', failure: error };
    }
  }

  return {
    look,
    /** Looks that have read their page and wait for others' short drains. */
    waiting: () => limit.pendingCount,
  };
}

/** Whether the mailbox can be read otherwise. */
async function answers(ask: () => ReturnType<MailboxClient['proveAlive']>): Promise<boolean> {
  return await ask().then(
    () => true,
    () => false,
  );
}

function isWeather({ type }: Failure): boolean {
  return type === 'Unavailable' || type === 'Throttled' || type === 'SettingsRejected' || type === 'AccessRefused';
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'service-down', code: 'timeout' });
}
