import type { Directory } from '../../entra/contract.ts';
import type { Delivery } from '../../notifications/create-delivery.ts';
import type { Notification } from '../../notifications/notification.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import { changeKey, immutableMessageId, messageId } from '../identifiers.ts';
import type { Limits } from '../limits.ts';
import type { StoredMessage } from '../stored-message.ts';
import type { LiveSubscription, Subscriptions } from './create-subscriptions.ts';
import type { ChangeType, LifecycleEvent } from './subscription.ts';

/** Sends changes and lifecycle events to subscriptions. */
export interface Notifier {
  tellChange(mailbox: Mailbox, subscription: LiveSubscription, change: ChangeType, message: StoredMessage): void;
  /** Sends a lifecycle event; `subscriptionRemoved` also removes the subscription. False if it has no URL for them. */
  tellLifecycle(subscription: LiveSubscription, event: LifecycleEvent): boolean;
  /** After a new authorization: sends what was held back. */
  resume(subscriptionId: string): void;
  close(): void;
}

export interface NotifierOptions {
  readonly directory: Directory;
  readonly subscriptions: Subscriptions;
  readonly delivery: Delivery;
  readonly limits: () => Limits;
}

const SWEEP_MS = 1_000;

export function createNotifier({ directory, subscriptions, delivery, limits }: NotifierOptions): Notifier {
  /** Notifications that wait for a new authorization, by subscription. */
  const held = new Map<string, Notification[]>();

  const remove = (subscription: LiveSubscription): void => {
    subscriptions.remove(subscription.id);
    held.delete(subscription.id);
  };

  const tellLifecycle: Notifier['tellLifecycle'] = (subscription, event) => {
    if (event === 'subscriptionRemoved') remove(subscription);
    const url = subscription.lifecycleNotificationUrl;
    if (url === null) return false;
    delivery.send({
      subscriptionId: subscription.id,
      url,
      isLifecycle: true,
      mailbox: subscription.mailbox,
      json: JSON.stringify({
        lifecycleEvent: event,
        subscriptionId: subscription.id,
        subscriptionExpirationDateTime: new Date(subscription.expiresAt).toISOString(),
        clientState: subscription.clientState,
        tenantId: subscription.tenantId,
      }),
      happenedAt: Date.now(),
    });
    return true;
  };

  /**
   * Whether the creator's authorization is still valid. Subscriptions of a deleted or disabled user are removed; after
   * a revocation of the user's tokens, they need a new authorization
   * (learn.microsoft.com/graph/change-notifications-lifecycle-events).
   */
  const isAuthorized = (subscription: LiveSubscription): boolean => {
    if (subscription.generation === null) return true;
    const creator = directory.findUser(subscription.creatorOid);
    if (!creator?.enabled) {
      tellLifecycle(subscription, 'subscriptionRemoved');
      return false;
    }
    if (creator.generation <= subscription.generation) return true;
    if (subscription.pausedAt === null) {
      tellLifecycle(subscriptions.change(subscription.id, { pausedAt: Date.now() }), 'reauthorizationRequired');
    }
    return false;
  };

  /** Checks all subscriptions once a second: 10,000 times a few comparisons, a millisecond of work. */
  const sweep = (): void => {
    const now = Date.now();
    const { reauthorizationLeadSeconds, retryForSeconds } = limits();
    const remindedBefore = now + reauthorizationLeadSeconds * 1_000;
    for (const subscription of subscriptions.all()) {
      const { id, expiresAt, remindedOf, pausedAt } = subscription;
      if (expiresAt <= now) remove(subscription);
      else if (pausedAt !== null && now - pausedAt >= retryForSeconds * 1_000) {
        tellLifecycle(subscription, 'subscriptionRemoved');
      } else if (remindedOf !== expiresAt && expiresAt <= remindedBefore) {
        tellLifecycle(subscriptions.change(id, { remindedOf: expiresAt }), 'reauthorizationRequired');
      }
    }
  };
  const sweeper = setInterval(sweep, SWEEP_MS).unref();

  delivery.onLost((id) => {
    const subscription = subscriptions.find(id);
    if (subscription) tellLifecycle(subscription, 'missed');
  });
  delivery.resume((id) => subscriptions.find(id) !== undefined);

  return {
    tellLifecycle,

    tellChange(mailbox, subscription, change, message) {
      if (!subscription.notifies || !subscription.changeType.includes(change)) return;
      const notification = {
        subscriptionId: subscription.id,
        url: subscription.notificationUrl,
        isLifecycle: false,
        mailbox: subscription.mailbox,
        json: renderChange(mailbox, subscription, change, message),
        happenedAt: Date.now(),
      };
      if (isAuthorized(subscription)) delivery.send(notification);
      else if (subscriptions.find(subscription.id)) {
        const waiting = held.get(subscription.id);
        if (waiting) waiting.push(notification);
        else held.set(subscription.id, [notification]);
      }
    },

    resume(id) {
      const waiting = held.get(id) ?? [];
      held.delete(id);
      for (const notification of waiting) delivery.send(notification);
    },

    close: () => clearInterval(sweeper),
  };
}

function renderChange(
  mailbox: Mailbox,
  subscription: LiveSubscription,
  changeType: ChangeType,
  message: StoredMessage,
): string {
  const id = subscription.hasImmutableIds ? immutableMessageId(mailbox, message) : messageId(mailbox, message);
  const resource = `Users/${mailbox.oid}/Messages/${id}`;
  return JSON.stringify({
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: new Date(subscription.expiresAt).toISOString(),
    changeType,
    resource,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Message',
      '@odata.id': resource,
      '@odata.etag': `W/"${changeKey(mailbox, message.lastSeq)}"`,
      id,
    },
    clientState: subscription.clientState,
    tenantId: subscription.tenantId,
  });
}
