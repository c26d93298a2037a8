import type { SubscriptionReport } from '../../contract/activities.ts';
import type { SignInRef } from '../../database/accounts/account-sign-in.ts';
import type { Database } from '../../database/database.ts';
import {
  findSubscriptionFacts,
  findUsedSubscriptions,
  forgetSubscription,
  postponeSubscription,
  recordSubscriptionFailure,
  type SubscriptionFacts,
  storeSubscription,
} from '../../database/ingest/subscriptions.ts';
import { type Failure, isFailure } from '../../domain/failure.ts';
import {
  jittered,
  LEAST_SUBSCRIPTION_LIFE_MS,
  SUBSCRIPTION_LIFE_MINUTES,
  SUBSCRIPTION_POSSIBLE_AGAIN_MS,
  subscriptionRetryMs,
} from '../../domain/schedule.ts';
import { createClientState } from '../../encryption/client-state.ts';
import { createSubscriptionClient, type SubscriptionClient } from '../../graph/subscriptions/subscription-client.ts';
import type { Dependencies } from '../dependencies.ts';

/** Path at which the API accepts notifications. */
export const NOTIFICATION_PATH = '/graph/notifications';

/** Microsoft calls our endpoint twice before it answers, and each call may take ten seconds. */
const SUBSCRIPTION_TIMEOUT_MS = 30_000;

/**
 * Creates, renews and ends the subscription of an account. An account works without one: errors are remembered and
 * retried at growing intervals, and polling finds the mail until then.
 */
export function createSubscriptionKeeping(dependencies: Dependencies) {
  const { db, keys, cloud, tokens, notificationUrl } = dependencies;

  function clientOf(
    signIn: SignInRef & Pick<SubscriptionFacts, 'applicationAddress'>,
    timeoutMs = SUBSCRIPTION_TIMEOUT_MS,
  ): SubscriptionClient {
    const { applicationAddress } = signIn;
    return createSubscriptionClient({
      cloud,
      timeoutMs,
      applicationAddress,
      getAccessToken: (options) => tokens.get(signIn, options),
    });
  }

  /**
   * Renews an existing subscription, or creates one if there is none or its notifications go to an old address. The
   * report's `isNew` says that mail may have arrived without a notification.
   */
  async function keep(
    accountId: string,
    { graphId, ceilingMinutes, signInNumber, applicationAddress, notificationUrl: madeFor }: SubscriptionFacts,
    { notificationUrl, signal }: { readonly notificationUrl: string; readonly signal: AbortSignal },
  ): Promise<SubscriptionReport> {
    const client = clientOf({ accountId, signInNumber, applicationAddress });
    const lifetime = { minutes: Math.min(SUBSCRIPTION_LIFE_MINUTES, ceilingMinutes ?? Number.POSITIVE_INFINITY) };
    const isOurs = graphId !== undefined && madeFor === notificationUrl;
    if (graphId !== undefined && !isOurs) await endIfPossible(client, graphId, signal);
    const renewed = isOurs ? await client.renew(graphId, lifetime, signal) : undefined;
    const address = `${notificationUrl}${NOTIFICATION_PATH}`;
    const clientState = createClientState(keys, accountId);
    const findUsed = (ids: readonly string[]) => findUsedSubscriptions(db, accountId, ids);
    const subscription = { notificationUrl: address, clientState, findUsed };
    const kept = renewed ?? (await client.create(subscription, lifetime, signal));
    const dueAt = halfLife(kept.expiresAt);
    const isNew = renewed === undefined;
    const stored = await storeSubscription(db, accountId, {
      ...kept,
      notificationUrl,
      ceilingMinutes: kept.ceilingMinutes,
      dueAt,
      isNew,
    });
    if (!stored) await client.remove(kept.id, signal);
    return { dueAt: dueAt.getTime(), isNew };
  }

  /** False when Microsoft could not be reached. */
  async function end(
    accountId: string,
    { graphId, signInNumber, applicationAddress }: SubscriptionFacts,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (graphId === undefined) return true;
    const client = clientOf({ accountId, signInNumber, applicationAddress }, END_TIMEOUT_MS);
    if (!(await endIfPossible(client, graphId, signal))) return false;
    await forgetSubscription(db, accountId);
    return true;
  }

  return {
    /** Maintains the subscription of an enabled account, when due. Safe to repeat. */
    async keepSubscription(accountId: string, signal: AbortSignal): Promise<SubscriptionReport> {
      const facts = await findSubscriptionFacts(db, accountId);
      if (!facts || facts.removed || !facts.enabled || facts.signIn !== 'done') return notBefore(farAway());
      if (facts.dueAt.getTime() > Date.now()) return notBefore(facts.dueAt);
      if (notificationUrl === undefined || facts.isShared) {
        await end(accountId, facts, signal);
        const dueAt = farAway();
        await postponeSubscription(db, accountId, dueAt);
        return notBefore(dueAt);
      }
      try {
        return await keep(accountId, facts, { notificationUrl, signal });
      } catch (error) {
        if (!isFailure(error)) throw error;
        const dueAt = await failed(db, accountId, error, facts.failures);
        return notBefore(dueAt);
      }
    },

    /**
     * Ends the subscription of a disabled or removed account. False when Microsoft could not be reached: it expires
     * within days, and its notifications are ignored until then.
     */
    async endSubscription(accountId: string, signal: AbortSignal): Promise<boolean> {
      const facts = await findSubscriptionFacts(db, accountId);
      return facts === undefined || (await end(accountId, facts, signal));
    },
  };
}

/** False when it fails for a transient reason, or one that only a person can fix. */
async function endIfPossible(client: SubscriptionClient, graphId: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.remove(graphId, signal);
    return true;
  } catch (error) {
    if (isFailure(error)) return false;
    throw error;
  }
}

/** An administrator waits for the removal, so an unreachable Microsoft must not hold it up. */
const END_TIMEOUT_MS = 3_000;

async function failed(db: Database, accountId: string, failure: Failure, failures: number): Promise<Date> {
  const dueAt = new Date(Date.now() + Math.max(failure.retryAfterMs ?? 0, subscriptionRetryMs(failures + 1)));
  await recordSubscriptionFailure(db, accountId, { failure, dueAt });
  return dueAt;
}

/**
 * Half of the life is left for failed renewals; the jitter separates subscriptions that were made together. By a wrong
 * clock, the life may be over before it begins, or end in centuries.
 */
function halfLife(expiresAt: Date): Date {
  const lifeMs = Math.min(Math.max(expiresAt.getTime() - Date.now(), LEAST_SUBSCRIPTION_LIFE_MS), MOST_LIFE_MS);
  return new Date(Date.now() + jittered(lifeMs / 2, Math.random()));
}

const MOST_LIFE_MS = SUBSCRIPTION_LIFE_MINUTES * 60_000;

function farAway(): Date {
  return new Date(Date.now() + SUBSCRIPTION_POSSIBLE_AGAIN_MS);
}

function notBefore(dueAt: Date): SubscriptionReport {
  return { dueAt: dueAt.getTime(), isNew: false };
}
