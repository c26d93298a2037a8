import { Context } from '@temporalio/activity';
import type { MailboxActivities } from '../contract/activities.ts';
import type { AnswerActivities } from '../contract/answer.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { createSubscriptionKeeping } from '../ingest/access/keep-subscription.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { createAccountCommands } from './account-commands.ts';
import { asActivityFailure } from './activity-failure.ts';
import { createCountMissedMail } from './count-missed-mail.ts';
import { createDrain } from './drain.ts';
import { createReconcile } from './reconcile.ts';
import { createRedeemSignIn } from './redeem-sign-in.ts';
import { createSendAnswer } from './send-answer.ts';

/** All activities of the mailbox and answer workflows, on the given ports. */
export function createActivities(dependencies: Dependencies): MailboxActivities & AnswerActivities {
  const { keepSubscription, endSubscription } = createSubscriptionKeeping(dependencies);
  const whileWanted = () => Context.current().cancellationSignal;
  return inOurWords({
    ...createAccountCommands(dependencies),
    redeemSignIn: createRedeemSignIn(dependencies),
    countMissedMail: createCountMissedMail(dependencies),
    drain: createDrain(dependencies),
    keepSubscription: (accountId) => keepSubscription(accountId, whileWanted()),
    endSubscription: (accountId) => endSubscription(accountId, whileWanted()),
    reconcile: createReconcile(dependencies),
    sendAnswer: createSendAnswer(dependencies),
  });
}

/**
 * The one place where errors of activities become Temporal's. Errors of the database, and secrets that none of our keys
 * decrypts, become Failures first: neither the workflow nor the client waiting for its answer knows the error types of
 * PostgreSQL. A Failure then travels as Temporal retries it.
 */
function inOurWords<Activities extends Record<keyof Activities, (...args: never[]) => Promise<unknown>>>(
  activities: Activities,
): Activities {
  const translated = Object.entries<(...args: never[]) => Promise<unknown>>(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw asActivityFailure(asDatabaseFailure(error), Context.current().info.attempt);
      }
    },
  ]);
  return Object.fromEntries(translated) as Activities;
}
