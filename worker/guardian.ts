import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { listStaleAccounts } from '../database/stale-accounts.ts';
import { isFailure } from '../domain/failure.ts';
import { describeError } from '../process/describe-error.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';

/** Twice the time after which an account counts as stale would be a visible gap; half of it costs next to nothing. */
const LOOK_EVERY_MS = 60_000;
/** Accounts at one look: a whole lost server comes back in minutes without a storm. */
const ACCOUNTS_PER_LOOK = 100;

/**
 * Starts, or wakes, the workflow of every account for which something should have happened long ago and did not: after the
 * loss of Temporal's data, after a termination by hand, after a crash between the account's row and its workflow. Returns
 * a function that ends the watch.
 */
export function startGuardian(db: Database, mailboxes: Mailboxes, logger: Logger): () => Promise<void> {
  const ended = new AbortController();
  let looking = Promise.resolve();

  async function look(): Promise<void> {
    try {
      for (const account of await listStaleAccounts(db, ACCOUNTS_PER_LOOK)) {
        if (ended.signal.aborted) return;
        // One that runs and sleeps although its mailbox is not read has to be woken, too.
        await (account.isRead ? mailboxes.ring(account) : mailboxes.start(account));
        logger.info({ accountId: account.id }, 'mailbox.ensured');
      }
    } catch (error) {
      const known = asDatabaseFailure(error);
      if (isFailure(known)) logger.warn({ reason: known.reason }, 'guardian.could-not-look');
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
