import {
  createGraphRequests,
  type GraphAnswer,
  type GraphRequestOptions,
  succeeded,
} from '../client/graph-requests.ts';
import { safeToken } from '../client/safe-token.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { MAIL_PREFERENCES } from '../mail/delta-query.ts';
import { parseExpirationCeiling, subscriptionRefusal } from './subscription-refusal.ts';

export interface NewSubscription {
  /** Where notifications go, of mail and of the subscription's own life. Microsoft asks it before it answers. */
  readonly notificationUrl: string;
  /** Comes back in each notification; at most 128 characters. */
  readonly clientState: string;
  /** Which of these subscriptions are in use: where one is in the way of this one, it is left alone. */
  readonly findUsed: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

export interface Subscription {
  readonly id: string;
  readonly expiresAt: Date;
}

/** A subscription that was made or renewed, and the ceiling of its life where Microsoft told it on the way. */
export interface KeptSubscription extends Subscription {
  readonly ceilingMinutes?: number | undefined;
}

/** How long a subscription shall live, in minutes. */
export interface Lifetime {
  readonly minutes: number;
}

/**
 * The notifications about new mail in the inbox of who signed in (learn.microsoft.com/graph/api/subscription-post-
 * subscriptions). Not for shared mailboxes: Microsoft sends nothing for them under a delegated token.
 *
 * A lifetime beyond the ceiling is clamped once, to what the refusal names. All throw Throttled, Unavailable,
 * CredentialRejected, SubscriptionRefused, or an UnexpectedAnswer.
 */
export interface SubscriptionClient {
  create(subscription: NewSubscription, lifetime: Lifetime, signal?: AbortSignal): Promise<KeptSubscription>;
  /** Undefined when Microsoft no longer has it: make a new one. Also takes back a call for re-authorization. */
  renew(id: string, lifetime: Lifetime, signal?: AbortSignal): Promise<KeptSubscription | undefined>;
  /** Safe to repeat: one that is gone is removed. */
  remove(id: string, signal?: AbortSignal): Promise<void>;
}

/** A client of Graph for the subscriptions of one account. */
export function createSubscriptionClient(options: GraphRequestOptions): SubscriptionClient {
  const { graph, get, post, patch, remove } = createGraphRequests(options);
  const request = (path: string) => graph.api(path).header('prefer', MAIL_PREFERENCES);

  /** Sends with the lifetime asked for, and once more with the one that the refusal allows. */
  async function withLifetime(
    { minutes }: Lifetime,
    send: (expirationDateTime: string) => Promise<GraphAnswer>,
  ): Promise<{ readonly answer: GraphAnswer; readonly ceilingMinutes?: number }> {
    const until = (life: number) => new Date(Date.now() + life * 60_000).toISOString();
    const answer = await send(until(minutes));
    const ceilingMinutes = parseExpirationCeiling(answer);
    if (ceilingMinutes === undefined || ceilingMinutes >= minutes) return { answer };
    // Minus one: the ceiling is compared when the request arrives, not when it was written.
    return { answer: await send(until(ceilingMinutes - 1)), ceilingMinutes };
  }

  /**
   * Ends the subscription to our address that a worker made, and died before it wrote it down. Those of other accounts of
   * the same person go to the same address.
   */
  async function removeLeftOver(
    { notificationUrl, findUsed }: NewSubscription,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const answer = await get(request('/subscriptions'), signal);
    if (answer.status !== 200) throw subscriptionRefusal(answer);
    const { body } = succeeded(answer, 'folder');
    const { value } = body as { value?: unknown };
    const isOurs = (entry: { notificationUrl?: unknown }) => entry.notificationUrl === notificationUrl;
    const ids = (Array.isArray(value) ? value.filter(isOurs) : []).map(({ id }) => String(id));
    const used = await findUsed(ids);
    for (const id of ids) if (!used.has(id)) await remove(request(`/subscriptions/${encodeURIComponent(id)}`), signal);
  }

  return {
    async create(subscription, lifetime, signal) {
      const { notificationUrl, clientState } = subscription;
      const attempt = () =>
        withLifetime(lifetime, (expirationDateTime) =>
          post(
            request('/subscriptions'),
            {
              changeType: 'created',
              resource: "me/mailFolders('inbox')/messages",
              notificationUrl,
              lifecycleNotificationUrl: notificationUrl,
              clientState,
              expirationDateTime,
            },
            signal,
          ),
        );
      let made = await attempt();
      if (made.answer.status === 409) {
        await removeLeftOver(subscription, signal);
        made = await attempt();
      }
      const { answer, ceilingMinutes } = made;
      if (answer.status !== 201) throw subscriptionRefusal(answer);
      return { ...parseSubscription(answer), ceilingMinutes };
    },

    async renew(id, lifetime, signal) {
      const { answer, ceilingMinutes } = await withLifetime(lifetime, (expirationDateTime) =>
        patch(request(`/subscriptions/${encodeURIComponent(id)}`), { expirationDateTime }, signal),
      );
      if (answer.status === 404 || answer.status === 410) return undefined;
      if (answer.status !== 200) throw subscriptionRefusal(answer);
      return { ...parseSubscription(answer), ceilingMinutes };
    },

    async remove(id, signal) {
      const answer = await remove(request(`/subscriptions/${encodeURIComponent(id)}`), signal);
      if (answer.status === 204 || answer.status === 404 || answer.status === 410) return;
      throw subscriptionRefusal(answer);
    },
  };
}

function parseSubscription({ body, headers }: GraphAnswer): Subscription {
  const { id, expirationDateTime } = (body ?? {}) as Record<string, unknown>;
  const expiresAt = typeof expirationDateTime === 'string' ? new Date(expirationDateTime) : undefined;
  const safeId = safeToken(id);
  if (safeId === undefined || expiresAt === undefined || Number.isNaN(expiresAt.getTime())) {
    const requestId = safeToken(headers.get('request-id'));
    throw new UnexpectedAnswer('Microsoft Graph did not give a subscription', { requestId });
  }
  return { id: safeId, expiresAt };
}
