import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { MailboxActivities } from '../activities/contract.ts';
import {
  COMMAND_GIVE_UP_MS,
  COMMAND_START_TO_CLOSE_MS,
  REDEEM_GIVE_UP_MS,
  REDEEM_START_TO_CLOSE_MS,
  RETRY_MAX_MS,
  SUBSCRIPTION_START_TO_CLOSE_MS,
} from '../domain/schedule.ts';

/** Tried until it works: what the workflow itself needs in order to go on. */
export const {
  readAccount,
  expireSignIn,
  cleanUp,
  pauseAccount: disableAccount,
} = proxyActivities<MailboxActivities>({
  startToCloseTimeout: COMMAND_START_TO_CLOSE_MS,
  retry: { maximumInterval: RETRY_MAX_MS },
});

const attempted = proxyActivities<MailboxActivities>({
  startToCloseTimeout: REDEEM_START_TO_CLOSE_MS,
  retry: { maximumAttempts: 3 },
});

const prompt = proxyActivities<MailboxActivities>({
  startToCloseTimeout: COMMAND_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: COMMAND_GIVE_UP_MS,
});
const unhurried = proxyActivities<MailboxActivities>({
  startToCloseTimeout: REDEEM_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: REDEEM_GIVE_UP_MS,
});

const subscribing = proxyActivities<MailboxActivities>({
  startToCloseTimeout: SUBSCRIPTION_START_TO_CLOSE_MS,
  retry: { maximumAttempts: 3 },
});

/** Uses the sign-in of a paused account. What fails is tried again at the next time: there are a dozen before it dies. */
export const keepSignInAlive = forgiving(attempted.keepSignInAlive);
export const keepSubscription = forgiving(subscribing.keepSubscription);
export const endSubscription = forgiving(attempted.endSubscription);

/** An account lives on without: undefined when the last attempt failed, too. */
function forgiving<Args extends unknown[], Result>(activity: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result | undefined> => {
    try {
      return await activity(...args);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      return undefined;
    }
  };
}

/** Somebody waits for the answer: tried for a few seconds, then told in a failure that handlers may throw. */
export const openSignIn = answering(prompt.openSignIn);
export const pauseAccount = answering(prompt.pauseAccount);
export const resumeAccount = answering(prompt.resumeAccount);
export const redeemSignIn = answering(unhurried.redeemSignIn);
export const countMissedMail = answering(prompt.countMissedMail);

function answering<Args extends unknown[], Result>(activity: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result> => {
    try {
      return await activity(...args);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      const { cause } = error;
      throw ApplicationFailure.create({
        type: cause instanceof ApplicationFailure && cause.type ? cause.type : 'Unavailable',
        message: cause instanceof ApplicationFailure ? cause.message : 'The change could not be made in time',
        nonRetryable: true,
      });
    }
  };
}
