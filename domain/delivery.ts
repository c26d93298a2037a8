import type { SignInState } from './account-state.ts';
import type { DeltaTrouble } from './delta-trouble.ts';

/** How new mail of an account is found: by notifications from Microsoft, or by polls. `none`: nothing is read. */
export const deliveryModes = ['push', 'poll', 'none'] as const;
export type DeliveryMode = (typeof deliveryModes)[number];

/** Why an account has this delivery mode. */
export const deliveryReasons = [
  'subscribed',
  'not-connected',
  'sign-in-needed',
  'paused',
  'hindered',
  'mailbox-full',
  'listed',
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
  readonly signIn: SignInState;
  readonly enabled: boolean;
  /** The account's current condition: the type of a failure. */
  readonly condition: string | null;
  /** Why lists of the inbox replace delta for this mailbox; null: delta works. */
  readonly deltaTrouble: DeltaTrouble | null;
  readonly isShared: boolean;
  /** Microsoft can reach this installation. */
  readonly isReachable: boolean;
  readonly hasSubscription: boolean;
  /** Why there is no subscription, or why it could not be renewed: a reason or type of a failure. */
  readonly failureReason: string | null;
}

/** Derives the delivery, which is not stored. */
export function deliveryOf(facts: DeliveryFacts): Delivery {
  const none = (reason: DeliveryReason): Delivery => ({ mode: 'none', reason });
  const poll = (reason: DeliveryReason): Delivery => ({ mode: 'poll', reason });
  if (facts.signIn === 'needed') return none('sign-in-needed');
  if (facts.signIn === 'awaiting' || facts.signIn === 'expired') return none('not-connected');
  if (facts.signIn !== 'done') return none('hindered');
  if (!facts.enabled) return none('paused');
  if (facts.condition === 'MailboxGone' || facts.condition === 'SettingsRejected') return none('hindered');
  if (facts.deltaTrouble !== null) {
    const reason = facts.deltaTrouble === 'quota-exceeded' ? 'mailbox-full' : 'listed';
    return { mode: facts.hasSubscription ? 'push' : 'poll', reason };
  }
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
