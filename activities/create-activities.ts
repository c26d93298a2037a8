import { Context } from '@temporalio/activity';
import { createAccountCommands } from './account-commands.ts';
import type { MailboxActivities } from './contract.ts';
import { createCountMissedMail } from './count-missed-mail.ts';
import type { Dependencies } from './dependencies.ts';
import { createDrain } from './drain.ts';
import { createSubscriptionKeeping } from './keep-subscription.ts';
import { createReconcile } from './reconcile.ts';
import { createRedeemSignIn } from './redeem-sign-in.ts';

/** All that the mailbox workflow calls, on the given ports. */
export function createActivities(dependencies: Dependencies): MailboxActivities {
  const { keepSubscription, endSubscription } = createSubscriptionKeeping(dependencies);
  const whileWanted = () => Context.current().cancellationSignal;
  return {
    ...createAccountCommands(dependencies),
    redeemSignIn: createRedeemSignIn(dependencies),
    countMissedMail: createCountMissedMail(dependencies),
    drain: createDrain(dependencies),
    keepSubscription: (accountId) => keepSubscription(accountId, whileWanted()),
    endSubscription: (accountId) => endSubscription(accountId, whileWanted()),
    reconcile: createReconcile(dependencies),
  };
}
