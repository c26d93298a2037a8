import pLimit from 'p-limit';
import type { DrainRecord } from '../../database/ingest/drains.ts';
import type { OpenedPoll, PollNext } from '../../database/ingest/polls.ts';
import { mailboxPlace } from '../../domain/account-access.ts';
import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { POLL_WITHIN_MS, pollBudgetMs } from '../../domain/schedule.ts';
import type { InboxRange } from '../../graph/mail/inbox-list.ts';
import { isFaultOfPage } from '../../graph/mail/inbox-slice.ts';
import { createMailboxClient } from '../../graph/mail/mailbox-client.ts';
import { canBeRead } from '../access/can-be-read.ts';
import { createDeadline } from '../access/deadline.ts';
import { openMailbox } from '../access/mailbox-access.ts';
import type { Hold } from '../access/mailbox-hold.ts';
import { createRequestAllowance } from '../access/request-allowance.ts';
import type { Dependencies } from '../dependencies.ts';
import { createCaptureTurn, FOLDER } from '../drain/capture-turn.ts';
import type { PageAhead } from '../drain/delta-walk.ts';
import { drainMailbox } from '../drain/drain-mailbox.ts';
import { findMissing, listInbox } from '../drain/inbox-listing.ts';
import { LeftToDrain } from '../message/message-blame.ts';

/**
 * The page size after an answer that came too late: the page may have been too large. The workflow's drain, which has
 * no such deadline, reads the rest.
 */
const SMALL_PAGE_SIZE = 1;

/**
 * Concurrent drains of polls: as many as a worker has database connections by default. More would only share its one
 * thread, run out of time, and hand their mailboxes over.
 */
const CONCURRENT_DRAINS = 10;

/** The result of a poll, and what follows. */
export interface Poll {
  readonly outcome: DrainOutcome;
  readonly next: PollNext;
  readonly captured: number;
  /** Where the next poll begins; null: at the cursor. */
  readonly link: string | null;
  /** The list of the inbox contained nothing that delta had left out. */
  readonly isChecked: boolean;
  /** The list of the inbox contains mail that delta left out. */
  readonly isSilent: boolean;
  /** The account's condition, or, if not a Failure, an error of ours. Undefined: the workflow's drain finds out. */
  readonly error?: unknown;
  readonly drain?: DrainRecord | undefined;
}

/** Polls mailboxes for their readers. One per process, because it counts their requests. */
export function createPoller(dependencies: Dependencies) {
  const { db, cloud, tokens, deltaPageSize } = dependencies;
  const limit = pLimit(CONCURRENT_DRAINS);
  const requestsOf = createRequestAllowance(dependencies);

  /**
   * Requests one page of changes, from where the last poll ended, and captures it and what follows within a second.
   * Where lists replace delta, checks the list of recent mail against the ledger; now and then does both, because delta
   * may leave mail out. Never repeats a request: the next poll does. Never throws.
   */
  async function poll(opened: OpenedPoll, stopped: AbortSignal): Promise<Poll> {
    const { accountId, link, listFrom, captureFrom, wasListed, wasUnavailable } = opened;
    const deadline = createDeadline(POLL_WITHIN_MS, stopped);
    const { signal } = deadline;
    const place = mailboxPlace(opened);
    const mailbox = createMailboxClient({
      cloud,
      ...place,
      getAccessToken: (options) => tokens.get(opened, { ...options, signal }),
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
      uncompressed: true,
    });
    const inbox = { db, accountId, mailbox, captureFrom, signal };
    const nothing = { captured: 0, link: null, isChecked: false, isSilent: false } as const;
    let drain: DrainRecord | undefined;
    let isRead = false;

    /** Captures the page that was read, and what follows it. */
    async function capture(ahead: PageAhead): Promise<Poll> {
      const requests = requestsOf(accountId);
      const client = openMailbox(dependencies, { ...opened, ...place }, signal);
      const sent = () => mailbox.requestsSent() + client.requestsSent();
      const hold: Hold = {
        ...opened,
        mailbox: client,
        signal,
        async beforeStep(_progress, atMost) {
          signal.throwIfAborted();
          await requests.allow(sent(), atMost);
        },
      };
      const remember = (record: DrainRecord) => {
        drain = record;
      };
      const turn = createCaptureTurn(dependencies, hold, { remember });
      try {
        const outcome = await drainMailbox(turn, { withinMs: pollBudgetMs(Math.random()), ahead });
        const { captured } = turn.counts;
        // Only the workflow's drain decides that delta works again.
        const isLeft = outcome === 'more' || (wasListed && outcome === 'current');
        return { ...nothing, outcome: isLeft ? 'more' : outcome, next: isLeft ? 'hand-over' : 'wait', captured, drain };
      } finally {
        await client.settled();
        requests.settle(sent());
      }
    }

    const quiet = (end: string | null, isChecked: boolean): Poll => {
      return { ...nothing, outcome: 'current', next: 'wait', link: end, isChecked };
    };
    const left = { ...nothing, outcome: 'more', next: 'hand-over' } as const;
    try {
      if (listFrom !== null) return (await isMissing(inbox, { from: listFrom })) ? left : quiet(link, true);
      if (link === null) return left;
      // First the list, then delta: mail in the list that delta then leaves out is never reported by delta.
      const { checkFrom, checkBefore } = opened;
      const isCheckDue = checkFrom && checkBefore && checkFrom < checkBefore;
      const unchecked = isCheckDue ? await firstMissing(inbox, { from: checkFrom, before: checkBefore }) : undefined;
      const pageSize = wasUnavailable ? SMALL_PAGE_SIZE : (opened.pageSize ?? deltaPageSize);
      const page = await mailbox.readDeltaPage({ link }, { pageSize, signal });
      isRead = true;
      if (page.entries.length > 0 || page.hasMore || wasListed) {
        const { version, walked } = opened;
        const cursor = { ...opened, folder: FOLDER, version: version ?? 0, walked: walked ?? 0, complete: true };
        return await limit(capture, { cursor, page });
      }
      if (unchecked === undefined) return quiet(page.link, false);
      const isSilent = (await findMissing(inbox, unchecked)).length > 0;
      return isSilent ? { ...left, isSilent } : quiet(page.link, true);
    } catch (error) {
      const failed = { ...nothing, outcome: 'failed', next: 'hand-over', drain } as const;
      if (stopped.aborted) return { ...failed, outcome: 'cancelled', next: 'repeat' };
      // Graph is slow on this page. Leave it to the workflow's drain, which has no deadline.
      if (deadline.isOver()) {
        if (isRead) return { ...left, drain };
        return { ...failed, error: unanswered(), next: opened.isSlow ? 'hand-over' : 'retry' };
      }
      if (error instanceof LeftToDrain) return { ...left, drain };
      if (!isFailure(error)) return { ...failed, error };
      if (error.type === 'CredentialRejected') return { ...failed, error };
      if (!isTransient(error)) return failed;
      // A page that fails twice while the mailbox can be read needs a drain, which requests smaller pages.
      const isAlive = () => canBeRead(() => mailbox.proveAlive(signal)).catch(() => false);
      const isOfPage = wasUnavailable && isFaultOfPage(error) && (await isAlive());
      return { ...failed, error, next: isOfPage ? 'hand-over' : 'retry' };
    } finally {
      deadline.clear();
    }
  }

  return {
    poll,
    /** Polls that have read their page and wait for the drains of others. */
    waiting: () => limit.pendingCount,
  };
}

export type Poller = ReturnType<typeof createPoller>;

type Inbox = Parameters<typeof listInbox>[0];

/** The first listed messages of this range that are not in the ledger. Empty when all of them are. */
async function firstMissing(inbox: Inbox, range: InboxRange): Promise<readonly { readonly id: string }[]> {
  for await (const { missing, unlisted } of listInbox(inbox, range)) {
    if (missing.length + unlisted.length > 0) return [...missing, ...unlisted];
  }
  return [];
}

async function isMissing(inbox: Inbox, range: InboxRange): Promise<boolean> {
  return (await firstMissing(inbox, range)).length > 0;
}

/** Microsoft is away, asks to wait, or refuses the settings or the access: the next poll shows more. */
function isTransient({ type }: Failure): boolean {
  return type === 'Unavailable' || type === 'Throttled' || type === 'SettingsRejected' || type === 'AccessRefused';
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'service-down', code: 'timeout' });
}
