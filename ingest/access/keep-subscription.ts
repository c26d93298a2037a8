import type { SubscriptionReport } from '../../contract/activities.ts';
import type { SignInRef } from '../../database/accounts/account-life.ts';
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
  SUBSCRIPTION_LIFE_MINUTES,
  SUBSCRIPTION_POSSIBLE_AGAIN_MS,
  subscriptionRetryMs,
} from '../../domain/schedule.ts';
import { createClientState } from '../../encryption/client-state.ts';
import { createSubscriptionClient, type SubscriptionClient } from '../../graph/subscriptions/subscription-client.ts';
import type { Dependencies } from '../dependencies.ts';

/** Where the API takes notifications. */
export const NOTIFICATION_PATH = '/graph/notifications';

/** Microsoft asks our endpoint twice before it answers, and may take ten seconds each. */
const SUBSCRIPTION_TIMEOUT_MS = 30_000;

/**
 * Makes, renews and ends the notifications of an account. An account works without them: what goes wrong is remembered
 * and tried again later, longer and longer apart, and mail is found by polling meanwhile.
 */
export function createSubscriptionKeeping(dependencies: Dependencies) {
  const { db, keys, cloud, tokens, notificationUrl } = dependencies;

  function clientOf(signIn: SignInRef, timeoutMs = SUBSCRIPTION_TIMEOUT_MS): SubscriptionClient {
    return createSubscriptionClient({
      cloud,
      timeoutMs,
      getAccessToken: (options) => tokens.get(signIn, options),
    });
  }

  /**
   * Renews what there is, makes what is not: also in the place of one whose notifications go where we are no longer. The
   * report's `isNew` tells that mail may have come without a bell.
   */
  async function keep(
    accountId: string,
    { graphId, ceilingMinutes, signInNumber, notificationUrl: madeFor }: SubscriptionFacts,
    { notificationUrl, signal }: { readonly notificationUrl: string; readonly signal: AbortSignal },
  ): Promise<SubscriptionReport> {
    const client = clientOf({ accountId, signInNumber });
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

  /** False when Microsoft could not be told. */
  async function end(
    accountId: string,
    { graphId, signInNumber }: SubscriptionFacts,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (graphId === undefined) return true;
    const client = clientOf({ accountId, signInNumber }, END_TIMEOUT_MS);
    if (!(await endIfPossible(client, graphId, signal))) return false;
    await forgetSubscription(db, accountId);
    return true;
  }

  return {
    /** Looks after the notifications of an enabled account, when that is due. Safe to repeat. */
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
     * Ends the notifications of an account that is paused or removed. False when Microsoft could not be told: they
     * end by themselves within days, and until then nobody answers to them.
     */
    async endSubscription(accountId: string, signal: AbortSignal): Promise<boolean> {
      const facts = await findSubscriptionFacts(db, accountId);
      return facts === undefined || (await end(accountId, facts, signal));
    },
  };
}

/** False when it fails for a reason that passes, or that only a person can mend. */
async function endIfPossible(client: SubscriptionClient, graphId: string, signal: AbortSignal): Promise<boolean> {
  try {
    await client.remove(graphId, signal);
    return true;
  } catch (error) {
    if (isFailure(error)) return false;
    throw error;
  }
}

/** An administrator waits for the removal; Microsoft that is away must not hold it up. */
const END_TIMEOUT_MS = 3_000;

async function failed(db: Database, accountId: string, failure: Failure, failures: number): Promise<Date> {
  const dueAt = new Date(Date.now() + Math.max(failure.retryAfterMs ?? 0, subscriptionRetryMs(failures + 1)));
  await recordSubscriptionFailure(db, accountId, { failure, dueAt });
  return dueAt;
}

/** Half of the life is left for everything that can go wrong with a renewal; those made together drift apart. */
function halfLife(expiresAt: Date): Date {
  const lifeMs = expiresAt.getTime() - Date.now();
  return new Date(Date.now() + jittered(lifeMs / 2, Math.random()));
}

function farAway(): Date {
  return new Date(Date.now() + SUBSCRIPTION_POSSIBLE_AGAIN_MS);
}

function notBefore(dueAt: Date): SubscriptionReport {
  return { dueAt: dueAt.getTime(), isNew: false };
}
