/** How new mail of an account is found: Microsoft tells of it, or Mailroom asks. */
export const deliveryModes = ['push', 'poll'] as const;
export type DeliveryMode = (typeof deliveryModes)[number];

/** Why an account has the delivery that it has. */
export const deliveryReasons = [
  'subscribed',
  'not-connected',
  'paused',
  'shared-mailbox',
  'no-public-address',
  'starting',
  'endpoint-not-reached',
  'subscription-refused',
  'failed',
] as const;
export type DeliveryReason = (typeof deliveryReasons)[number];

export interface Delivery {
  readonly mode: DeliveryMode;
  readonly reason: DeliveryReason;
}

export interface DeliveryFacts {
  /** Signed in and enabled. */
  readonly isRead: boolean;
  readonly isSignedIn: boolean;
  readonly isShared: boolean;
  /** Microsoft can reach this installation. */
  readonly isReachable: boolean;
  readonly hasSubscription: boolean;
  /** Why there is no subscription, or why it could not be renewed: a reason or type of a failure. */
  readonly failureReason: string | null;
}

/** Derives the delivery; nothing stores it. */
export function deliveryOf(facts: DeliveryFacts): Delivery {
  const poll = (reason: DeliveryReason): Delivery => ({ mode: 'poll', reason });
  if (!facts.isSignedIn) return poll('not-connected');
  if (!facts.isRead) return poll('paused');
  if (facts.isShared) return poll('shared-mailbox');
  if (!facts.isReachable) return poll('no-public-address');
  if (facts.hasSubscription) return { mode: 'push', reason: 'subscribed' };
  switch (facts.failureReason) {
    case null:
      return poll('starting');
    case 'endpoint-not-reached':
    case 'subscription-refused':
      return poll(facts.failureReason);
    default:
      return poll('failed');
  }
}
