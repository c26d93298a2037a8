import type { Logger } from 'pino';
import { listStaleAccounts, type StaleAccount } from '../database/accounts/stale-accounts.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { listLeftOverSubscriptions, supersedeSubscriptions } from '../database/ingest/subscriptions.ts';
import { isFailure } from '../domain/failure.ts';
import { createSubscriptionKeeping } from '../ingest/access/keep-subscription.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { describeError, failureFields } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { createSignInProbe } from './sign-in-probe.ts';

/** Twice the time after which an account counts as stale would be a visible gap; half of it costs next to nothing. */
const LOOK_EVERY_MS = 60_000;
/** Accounts at one look: a whole lost server comes back in minutes without a storm. */
const ACCOUNTS_PER_LOOK = 100;

/** One request to Microsoft each, one after another. */
const LEFT_OVER_PER_LOOK = 20;

/**
 * Starts, or wakes, the workflow of every account for which something should have happened long ago and did not: after the
 * loss of Temporal's data, after a termination by hand, after a crash between the account's row and its workflow, after a
 * signal that got lost. Also notices subscriptions that are of no use at the address of today, and ends those that a pause
 * could not end, and tries needed sign-ins again. Returns a function that ends the watch.
 */
export function startGuardian(dependencies: Dependencies, mailboxes: Mailboxes, logger: Logger): () => Promise<void> {
  const { db, notificationUrl, watchIntervals } = dependencies;
  const { endSubscription } = createSubscriptionKeeping(dependencies);
  const probeSignIns = createSignInProbe(dependencies, mailboxes, logger);
  const ended = new AbortController();
  let looking = Promise.resolve();

  /** One that runs and sleeps although something is due has to be woken, too. */
  async function ensure(account: StaleAccount): Promise<void> {
    await mailboxes.wake(account, { because: account.needs === 'upkeep' ? 'upkeep' : 'stale' });
    logger.info({ accountId: account.id, needs: account.needs }, 'mailbox.ensured');
  }

  async function look(): Promise<void> {
    try {
      await supersedeSubscriptions(db, notificationUrl, watchIntervals.pollMs);
      for (const account of await listStaleAccounts(db, ACCOUNTS_PER_LOOK)) {
        if (ended.signal.aborted) return;
        await ensure(account);
      }
      for (const accountId of await listLeftOverSubscriptions(db, LEFT_OVER_PER_LOOK)) {
        if (ended.signal.aborted) return;
        await endSubscription(accountId, ended.signal);
      }
      await probeSignIns(ended.signal);
    } catch (error) {
      const known = asDatabaseFailure(error);
      if (isFailure(known)) logger.warn(failureFields(known), 'guardian.could-not-look');
      else logger.error(describeError(known), 'guardian.could-not-look');
    }
  }

  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY_MS);
  looking = look();

  return async () => {
    ended.abort();
    clearInterval(timer);
    await looking;
  };
}
