import { ApplicationFailure } from '@temporalio/common';
import { ActivityFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import {
  COMMAND_GIVE_UP_MS,
  COMMAND_RETRY_FIRST_MS,
  COMMAND_SETTLE_GIVE_UP_MS,
  COMMAND_SETTLE_RETRY_MAX_MS,
  COMMAND_START_TO_CLOSE_MS,
  REDEEM_GIVE_UP_MS,
  REDEEM_SETTLE_GIVE_UP_MS,
  REDEEM_START_TO_CLOSE_MS,
  ROWS_RETRY_MAX_MS,
  ROWS_START_TO_CLOSE_MS,
  SUBSCRIPTION_START_TO_CLOSE_MS,
} from '../domain/schedule.ts';
import { summarised } from './activity-summaries.ts';

/** Retried until they work: the workflow cannot go on without them. */
export const {
  readAccount,
  expireSignIn,
  cleanUp,
  pauseAccount: disableAccount,
} = summarised({
  startToCloseTimeout: ROWS_START_TO_CLOSE_MS,
  retry: { maximumInterval: ROWS_RETRY_MAX_MS },
});

const attempted = summarised({
  startToCloseTimeout: REDEEM_START_TO_CLOSE_MS,
  retry: { maximumAttempts: 3 },
});

const prompt = summarised({
  startToCloseTimeout: COMMAND_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: COMMAND_GIVE_UP_MS,
  retry: { initialInterval: COMMAND_RETRY_FIRST_MS },
});
const settling = summarised({
  startToCloseTimeout: COMMAND_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: COMMAND_SETTLE_GIVE_UP_MS,
  retry: { initialInterval: COMMAND_RETRY_FIRST_MS, maximumInterval: COMMAND_SETTLE_RETRY_MAX_MS },
});
const unhurried = summarised({
  startToCloseTimeout: REDEEM_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: REDEEM_GIVE_UP_MS,
});
const redeeming = summarised({
  startToCloseTimeout: REDEEM_START_TO_CLOSE_MS,
  scheduleToCloseTimeout: REDEEM_SETTLE_GIVE_UP_MS,
  retry: { maximumInterval: ROWS_RETRY_MAX_MS },
});

const subscribing = summarised({
  startToCloseTimeout: SUBSCRIPTION_START_TO_CLOSE_MS,
  retry: { maximumAttempts: 3 },
});

/**
 * Uses the sign-in of a disabled account. A failure is left to the next time: there are a dozen before the sign-in
 * expires.
 */
export const keepSignInAlive = forgiving(attempted.keepSignInAlive);
export const keepSubscription = forgiving(subscribing.keepSubscription);
export const endSubscription = forgiving(attempted.endSubscription);

/** An activity that the account can do without: undefined when the last attempt failed, too. */
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

/**
 * Commands: retried for a few seconds while an administrator waits for the answer, then reported as a failure that
 * handlers may throw. `settle` is the same step, retried until its outcome is known.
 */
export const openSignIn = { attempt: answering(prompt.openSignIn), settle: settling.openSignIn };
export const pauseAccount = { attempt: answering(prompt.pauseAccount), settle: settling.pauseAccount };
export const resumeAccount = { attempt: answering(prompt.resumeAccount), settle: settling.resumeAccount };
export const redeemSignIn = { attempt: answering(unhurried.redeemSignIn), settle: forgiving(redeeming.redeemSignIn) };
export const countMissedMail = answering(prompt.countMissedMail);

function answering<Args extends unknown[], Result>(activity: (...args: Args) => Promise<Result>) {
  return async (...args: Args): Promise<Result> => {
    try {
      return await activity(...args);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      throw asAnswer(error.cause);
    }
  };
}

/** An attempt that is abandoned while running fails with a time-out; the failure before it has the reason. */
function asAnswer(cause: Error | undefined): ApplicationFailure {
  const known = cause instanceof TimeoutFailure ? cause.cause : cause;
  if (!(known instanceof ApplicationFailure) || !known.type) {
    const message = 'The change could not be made in time';
    return ApplicationFailure.create({ type: 'Unavailable', message, nonRetryable: true });
  }
  const { type, message, details } = known;
  return ApplicationFailure.create({ type, message, nonRetryable: true, ...(details ? { details } : {}) });
}
