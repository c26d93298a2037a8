import pLimit from 'p-limit';
import type { Cursor } from '../../database/ingest/cursors.ts';
import type { DrainRecord } from '../../database/ingest/drains.ts';
import type { OpenedPoll, PollNext } from '../../database/ingest/polls.ts';
import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { POLL_WITHIN_MS, pollBudgetMs } from '../../domain/schedule.ts';
import type { InboxRange } from '../../graph/mail/inbox-list.ts';
import { isFaultOfPage } from '../../graph/mail/inbox-slice.ts';
import { createMailboxClient, type MailboxClient } from '../../graph/mail/mailbox-client.ts';
import { openMailbox } from '../access/mailbox-access.ts';
import type { Hold } from '../access/mailbox-hold.ts';
import { createRequestAllowance } from '../access/request-allowance.ts';
import type { Dependencies } from '../dependencies.ts';
import { createPollTurn, FOLDER } from '../drain/capture-turn.ts';
import type { PageAhead } from '../drain/delta-walk.ts';
import { drainMailbox } from '../drain/drain-mailbox.ts';
import { findMissing, listInbox } from '../drain/inbox-listing.ts';
import { LeftToDrain } from '../message/message-blame.ts';

/**
 * Where the last answer did not come in time, the page may have been too large: a small one is asked for. The workflow's
 * drain, which has no such deadline, deals with the rest.
 */
const SMALL_PAGE_SIZE = 1;

/**
 * Drains of polls at a time: as many as a worker has database connections by default. More of them only share its one
 * thread, run out of their time, and hand their mailboxes over.
 */
const CONCURRENT_DRAINS = 10;

/** What a poll did, and what follows. */
export interface Poll {
  readonly outcome: DrainOutcome;
  readonly next: PollNext;
  readonly captured: number;
  /** Where the next poll begins; null: where the cursor stands. */
  readonly link: string | null;
  /** The list of the inbox held nothing of which delta had not told. */
  readonly isChecked: boolean;
  /** The list of the inbox holds mail of which delta does not tell. */
  readonly isSilent: boolean;
  /** What hinders the account. One that is no Failure is an error of ours. Undefined: the workflow's drain finds out. */
  readonly error?: unknown;
  readonly drain?: DrainRecord | undefined;
}

/** Polls mailboxes, as their readers do. One for each process: it counts their requests. */
export function createPoller(dependencies: Dependencies) {
  const { db, cloud, tokens, deltaPageSize } = dependencies;
  const limit = pLimit(CONCURRENT_DRAINS);
  const requestsOf = createRequestAllowance(dependencies);

  /**
   * Asks a mailbox for one page of changes, from where the last poll ended, and captures what it holds and what follows
   * within a second. Where lists take the place of delta, compares the list of what came lately with the ledger; now and
   * then does both, because delta may keep silent. Never repeats a request: the next poll does. Never throws.
   */
  async function poll(opened: OpenedPoll, stopped: AbortSignal): Promise<Poll> {
    const { accountId, address, signInAs, link, listFrom, wasListed, wasUnavailable } = opened;
    const tooLate = AbortSignal.timeout(POLL_WITHIN_MS);
    const signal = AbortSignal.any([stopped, tooLate]);
    const sharedAddress = signInAs === null ? undefined : address;
    const captureFrom = opened.captureFrom ?? undefined;
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress,
      getAccessToken: (options) => tokens.get(opened, { ...options, signal }),
      retry: { retries: 0, firstDelayMs: 0, maxDelayMs: 0 },
    });
    const inbox = { db, accountId, mailbox, captureFrom, signal };
    const nothing = { captured: 0, link: null, isChecked: false, isSilent: false } as const;
    let drain: DrainRecord | undefined;
    let isRead = false;

    /** Captures the page that was read, and what follows it. */
    async function capture(ahead: PageAhead): Promise<Poll> {
      const requests = requestsOf(accountId);
      const client = openMailbox(dependencies, { ...opened, sharedAddress }, signal);
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
      const turn = createPollTurn(dependencies, hold, (record) => {
        drain = record;
      });
      try {
        const outcome = await drainMailbox(turn, { withinMs: pollBudgetMs(Math.random()), ahead });
        const { captured } = turn.counts;
        // That delta works again is for the workflow's drain to say.
        const isLeft = outcome === 'more' || (wasListed && outcome === 'current');
        return { ...nothing, outcome: isLeft ? 'more' : outcome, next: isLeft ? 'hand-over' : 'wait', captured, drain };
      } finally {
        await client.settled();
        await requests.settle(sent());
      }
    }

    const quiet = (end: string | null, isChecked: boolean): Poll => {
      return { ...nothing, outcome: 'current', next: 'wait', link: end, isChecked };
    };
    const left = { ...nothing, outcome: 'more', next: 'hand-over' } as const;
    try {
      if (listFrom !== null) return (await isMissing(inbox, { from: listFrom })) ? left : quiet(link, true);
      if (link === null) return left;
      // First the list, then delta: what delta does not tell of after that, it never will.
      const { checkFrom, checkBefore } = opened;
      const isCheckDue = checkFrom && checkBefore && checkFrom < checkBefore;
      const unchecked = isCheckDue ? await firstMissing(inbox, { from: checkFrom, before: checkBefore }) : undefined;
      const pageSize = wasUnavailable ? SMALL_PAGE_SIZE : (opened.pageSize ?? deltaPageSize);
      const page = await mailbox.readDeltaPage({ link }, { pageSize, signal });
      isRead = true;
      if (page.entries.length > 0 || page.hasMore || wasListed) {
        return await limit(capture, { cursor: cursorOf(opened), page });
      }
      if (unchecked === undefined) return quiet(page.link, false);
      const isSilent = (await findMissing(inbox, unchecked)).length > 0;
      return isSilent ? { ...left, isSilent } : quiet(page.link, true);
    } catch (error) {
      const failed = { ...nothing, outcome: 'failed', next: 'hand-over', drain } as const;
      if (stopped.aborted) return { ...failed, outcome: 'cancelled', next: 'repeat' };
      // Graph is slow on this page. Leave it to the workflow's drain, which has no deadline.
      if (tooLate.aborted) {
        if (isRead) return { ...left, drain };
        return { ...failed, error: unanswered(), next: opened.isSlow ? 'hand-over' : 'retry' };
      }
      if (error instanceof LeftToDrain) return { ...left, drain };
      if (!isFailure(error)) return { ...failed, error };
      if (error.type === 'CredentialRejected') return { ...failed, error };
      if (!isTransient(error)) return failed;
      // A page that fails twice while the mailbox can be read is one for a drain, which asks for less.
      const isOfPage = wasUnavailable && isFaultOfPage(error) && (await answers(() => mailbox.proveAlive(signal)));
      return { ...failed, error, next: isOfPage ? 'hand-over' : 'retry' };
    }
  }

  return {
    poll,
    /** Polls that have read their page and wait for the drains of others. */
    waiting: () => limit.pendingCount,
  };
}

export type Poller = ReturnType<typeof createPoller>;

/** The cursor from which a poll reads: a walk that has come to its end once. */
function cursorOf(opened: OpenedPoll): Cursor {
  const { folder, version, link, receivedSince, walked, pageSize, captureFrom } = opened;
  return {
    folder: folder ?? FOLDER,
    version: version ?? 0,
    link: link ?? undefined,
    receivedSince: receivedSince ?? undefined,
    walked: walked ?? 0,
    complete: true,
    pageSize: pageSize ?? undefined,
    captureFrom: captureFrom ?? undefined,
  };
}

type Inbox = Parameters<typeof listInbox>[0];

/** The first listed messages of this time that are not in the ledger. Empty when all of them are. */
async function firstMissing(inbox: Inbox, range: InboxRange): Promise<readonly { readonly id: string }[]> {
  for await (const { missing, unlisted } of listInbox(inbox, range)) {
    if (missing.length + unlisted.length > 0) return [...missing, ...unlisted];
  }
  return [];
}

async function isMissing(inbox: Inbox, range: InboxRange): Promise<boolean> {
  return (await firstMissing(inbox, range)).length > 0;
}

/** Whether the mailbox can be read otherwise. */
async function answers(ask: () => ReturnType<MailboxClient['proveAlive']>): Promise<boolean> {
  return await ask().then(
    () => true,
    () => false,
  );
}

/** Microsoft is away, asks to wait, or refuses the settings or the access: the next poll tells more. */
function isTransient({ type }: Failure): boolean {
  return type === 'Unavailable' || type === 'Throttled' || type === 'SettingsRejected' || type === 'AccessRefused';
}

function unanswered(): Failure {
  return new Failure('Unavailable', 'Microsoft did not answer in time', { reason: 'service-down', code: 'timeout' });
}
