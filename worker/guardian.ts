import type { Logger } from 'pino';
import { listStaleAccounts, type StaleAccount } from '../database/accounts/stale-accounts.ts';
import { acknowledgeItems } from '../database/answers/acknowledge-items.ts';
import { sweepUploads } from '../database/answers/draft-attachments.ts';
import { listOverdueAnswers } from '../database/answers/sending.ts';
import { sweepContents } from '../database/content/sweep-contents.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { listLeftOverSubscriptions, supersedeSubscriptions } from '../database/ingest/subscriptions.ts';
import { wakeParkedItems } from '../database/queues/park-items.ts';
import { hasWaitingErasure } from '../database/retention/erasures.ts';
import { isFailure } from '../domain/failure.ts';
import { createSubscriptionKeeping } from '../ingest/access/keep-subscription.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { describeError, failureFields } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createSignInProbe } from './sign-in-probe.ts';
import { createTroubleLog } from './trouble-log.ts';

/** Twice the time after which an account is stale would be a visible gap; half of it costs next to nothing. */
const CHECK_EVERY_MS = 60_000;
/** Accounts per round: all accounts of a lost server come back in minutes, without a storm. */
const ACCOUNTS_PER_CHECK = 100;

/** Answers per round; each is one request to Temporal. */
const ANSWERS_PER_CHECK = 100;
/** A burst of mail is acknowledged in minutes, and other answers do not wait for it. */
const ACKNOWLEDGEMENTS_PER_CHECK = 100;
/** People wait for answers to be sent: sooner than for mailboxes, of which a reader takes care anyway. */
const CHECK_ANSWERS_EVERY_MS = 10_000;
/** Sweeps of a few contents each: all that a day left, in minutes. */
const SWEEPS_PER_CHECK = 50;

/** One request to Microsoft each, one after another. */
const LEFT_OVER_PER_CHECK = 20;

/** What Temporal starts. */
export interface GuardianStarts {
  startAnswer(answerId: string): Promise<void>;
  /** Ensures that the sweep of retention has its schedule. */
  scheduleRetention(): Promise<void>;
  /** The sweep of retention. */
  sweepNow(): Promise<void>;
}

/**
 * Starts or wakes the workflow of every account whose work is long overdue: after the loss of Temporal's data, a
 * termination by hand, a crash between the account's row and its workflow, or a lost signal. Also finds subscriptions
 * that point to an old address, ends subscriptions that remained when an account was disabled, wakes parked items whose
 * time has come, retries needed sign-ins, deletes content that people no longer use, and has requested erasures carried
 * out. Returns a function that stops it.
 */
export function startGuardian(
  dependencies: Dependencies,
  mailboxes: Mailboxes,
  { startAnswer, scheduleRetention, sweepNow }: GuardianStarts,
  logger: Logger,
): () => Promise<void> {
  const { db, notificationUrl, watchIntervals, contentCache } = dependencies;
  const { endSubscription } = createSubscriptionKeeping(dependencies);
  const probeSignIns = createSignInProbe(dependencies, mailboxes, logger);
  const ended = new AbortController();
  const answersTrouble = createTroubleLog(logger, 'guardian.could-not-start-answers');
  let checking = Promise.resolve();
  /** Apart: people wait for answers, and a round of the other checks may take long. */
  let checkingAnswers = Promise.resolve();

  /** Also wakes workflows that sleep past a due date. */
  async function ensure(account: StaleAccount): Promise<void> {
    await mailboxes.wake(account, { because: account.needs === 'upkeep' ? 'upkeep' : 'stale' });
    logger.info({ accountId: account.id, needs: account.needs }, 'mailbox.ensured');
  }

  /** Deletes content that people no longer use, and files that never arrived. */
  async function sweep(): Promise<void> {
    await sweepUploads(db);
    if (!contentCache) return;
    for (let sweeps = 0; sweeps < SWEEPS_PER_CHECK && !ended.signal.aborted; sweeps++) {
      if ((await sweepContents(db, contentCache)) === 0) return;
    }
  }

  async function check(): Promise<void> {
    try {
      await supersedeSubscriptions(db, notificationUrl, watchIntervals.pollMs);
      for (const account of await listStaleAccounts(db, ACCOUNTS_PER_CHECK)) {
        if (ended.signal.aborted) return;
        await ensure(account);
      }
      for (const accountId of await listLeftOverSubscriptions(db, LEFT_OVER_PER_CHECK)) {
        if (ended.signal.aborted) return;
        await endSubscription(accountId, ended.signal);
      }
      await wakeParkedItems(db);
      await probeSignIns(ended.signal);
      await sweep();
      // In every round: an operator may delete the schedule in Temporal's UI.
      await scheduleRetention();
      if (await hasWaitingErasure(db)) await sweepNow();
    } catch (error) {
      const known = asDatabaseFailure(error);
      if (isFailure(known)) logger.warn(failureFields(known), 'guardian.could-not-look');
      else logger.error(describeError(known), 'guardian.could-not-look');
    }
  }

  /** Starts the workflows of answers that are due and were not sent: Temporal was away, or lost its data. */
  async function checkAnswers(): Promise<void> {
    try {
      for (const answerId of await acknowledgeItems(db, ACKNOWLEDGEMENTS_PER_CHECK)) await startAnswer(answerId);
      for (const answerId of await listOverdueAnswers(db, ANSWERS_PER_CHECK)) {
        if (ended.signal.aborted) return;
        await startAnswer(answerId);
      }
      answersTrouble.worked();
    } catch (error) {
      answersTrouble.failed(error);
    }
  }

  const timer = setInterval(() => {
    checking = checking.then(check);
  }, CHECK_EVERY_MS);
  const answersTimer = setInterval(() => {
    checkingAnswers = checkingAnswers.then(checkAnswers);
  }, CHECK_ANSWERS_EVERY_MS);
  checking = check();
  checkingAnswers = checkAnswers();

  return async () => {
    ended.abort();
    clearInterval(timer);
    clearInterval(answersTimer);
    await Promise.all([checking, checkingAnswers]);
  };
}
