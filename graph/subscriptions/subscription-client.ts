import { parseGraphDate } from '../client/graph-date.ts';
import {
  createGraphRequests,
  type GraphAnswer,
  type GraphRequestOptions,
  succeeded,
} from '../client/graph-requests.ts';
import { safeToken } from '../client/safe-token.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import { MAIL_PREFERENCES } from '../mail/delta-query.ts';
import { mailboxRoot } from '../mail/mailbox-root.ts';
import { parseExpirationCeiling, subscriptionRefusal } from './subscription-refusal.ts';

export interface NewSubscription {
  /**
   * URL of the notifications, both of mail and of the subscription's lifecycle. Microsoft calls it before it answers.
   */
  readonly notificationUrl: string;
  /** Returned in each notification; at most 128 characters. */
  readonly clientState: string;
  /** The subscriptions among these that are in use: one that blocks the new subscription is left alone. */
  readonly findUsed: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

export interface Subscription {
  readonly id: string;
  readonly expiresAt: Date;
}

/** A subscription that was created or renewed, and the ceiling of its life if a refusal named it. */
export interface KeptSubscription extends Subscription {
  readonly ceilingMinutes?: number | undefined;
}

/** Requested life of a subscription, in minutes. */
export interface Lifetime {
  readonly minutes: number;
}

/**
 * Subscriptions to new mail in the signed-in person's inbox
 * (learn.microsoft.com/graph/api/subscription-post-subscriptions). Not for shared mailboxes: Microsoft sends no
 * notifications for them under a delegated token.
 *
 * A lifetime beyond the ceiling is clamped once, to the one that the refusal names. All throw Throttled, Unavailable,
 * CredentialRejected, SubscriptionRefused, or an UnexpectedAnswer.
 */
export interface SubscriptionClient {
  create(subscription: NewSubscription, lifetime: Lifetime, signal?: AbortSignal): Promise<KeptSubscription>;
  /** Undefined when Microsoft no longer has it: create a new one. Also answers a request for re-authorization. */
  renew(id: string, lifetime: Lifetime, signal?: AbortSignal): Promise<KeptSubscription | undefined>;
  /** Safe to repeat: one that is gone counts as removed. */
  remove(id: string, signal?: AbortSignal): Promise<void>;
}

export interface SubscriptionClientOptions extends GraphRequestOptions {
  /** A mailbox to which the application subscribes with its own rights; undefined: that of the person who signed in. */
  readonly applicationAddress?: string | undefined;
}

/** A Graph client for the subscriptions of one account. */
export function createSubscriptionClient(options: SubscriptionClientOptions): SubscriptionClient {
  // Addresses as they are: Graph shows the resource as it was asked for.
  const resource = `${mailboxRoot(options).slice(1).replaceAll('%40', '@')}/mailFolders('inbox')/messages`;
  const { graph, get, post, patch, remove } = createGraphRequests(options);
  const request = (path: string) => graph.api(path).header('prefer', MAIL_PREFERENCES);

  /** Sends with the requested lifetime, and once more with the one that the refusal allows. */
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
   * Removes a subscription to our address left by a worker that died before it stored it. Subscriptions of the same
   * person's other accounts use the same address; with the application's own rights, those of all its accounts, which
   * other workers are making now.
   */
  async function removeLeftOver(
    { notificationUrl, findUsed }: NewSubscription,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const answer = await get(request('/subscriptions'), signal);
    if (answer.status !== 200) throw subscriptionRefusal(answer);
    const { body } = succeeded(answer, 'folder');
    const { value } = (body ?? {}) as { value?: unknown };
    const isOurs = (entry: ListedSubscription | null) =>
      entry?.notificationUrl === notificationUrl &&
      (options.applicationAddress === undefined || String(entry.resource).toLowerCase() === resource.toLowerCase());
    const ids = (Array.isArray(value) ? value.filter(isOurs) : []).flatMap(({ id }) => safeToken(id) ?? []);
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
              resource,
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
      if (answer.status !== 201 && answer.status !== 200) throw subscriptionRefusal(answer);
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

interface ListedSubscription {
  readonly id?: unknown;
  readonly notificationUrl?: unknown;
  readonly resource?: unknown;
}

function parseSubscription({ body, headers }: GraphAnswer): Subscription {
  const { id, expirationDateTime } = (body ?? {}) as Record<string, unknown>;
  const expiresAt = parseGraphDate(expirationDateTime);
  const safeId = safeToken(id);
  if (safeId === undefined || !expiresAt) {
    const requestId = safeToken(headers.get('request-id'));
    throw new UnexpectedAnswer('Microsoft Graph did not give a subscription', { requestId });
  }
  return { id: safeId, expiresAt };
}
