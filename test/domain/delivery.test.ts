import { expect, it } from 'vitest';
import { type DeliveryFacts, deliveryOf } from '../../domain/delivery.ts';

const subscribed: DeliveryFacts = {
  signIn: 'done',
  enabled: true,
  condition: null,
  deltaTrouble: null,
  isShared: false,
  isReachable: true,
  hasSubscription: true,
  failureReason: null,
};

it.each<[string, Partial<DeliveryFacts>, mode: string, reason: string]>([
  ['an account that Microsoft notifies of', {}, 'push', 'subscribed'],
  ['one that waits for its first sign-in', { signIn: 'awaiting' }, 'none', 'not-connected'],
  ['one whose first sign-in expired', { signIn: 'expired' }, 'none', 'not-connected'],
  ['one that needs another sign-in', { signIn: 'needed' }, 'none', 'sign-in-needed'],
  ['one that needs another sign-in and is disabled', { signIn: 'needed', enabled: false }, 'none', 'sign-in-needed'],
  ['a disabled one', { enabled: false }, 'none', 'paused'],
  ['one that was disabled before anybody signed in', { signIn: 'awaiting', enabled: false }, 'none', 'not-connected'],
  ['one whose mailbox is gone', { condition: 'MailboxGone' }, 'none', 'hindered'],
  ['one whose settings are refused', { condition: 'SettingsRejected' }, 'none', 'hindered'],
  ['one that Microsoft asked to wait', { condition: 'Throttled' }, 'push', 'subscribed'],
  ['a full one that Microsoft notifies of', { deltaTrouble: 'quota-exceeded' }, 'push', 'mailbox-full'],
  ['a full one that is polled', { deltaTrouble: 'quota-exceeded', hasSubscription: false }, 'poll', 'mailbox-full'],
  ['a shared mailbox', { isShared: true, hasSubscription: false }, 'poll', 'shared-mailbox'],
  ['one of an installation that cannot be reached', { isReachable: false }, 'poll', 'no-public-address'],
  ['one that is not notified of yet', { hasSubscription: false }, 'poll', 'starting'],
  [
    'one that Microsoft refused',
    { hasSubscription: false, failureReason: 'subscription-refused' },
    'poll',
    'subscription-refused',
  ],
  ['one with another trouble', { hasSubscription: false, failureReason: 'network' }, 'poll', 'failed'],
])('the delivery of %s', (_name, facts, mode, reason) => {
  expect(deliveryOf({ ...subscribed, ...facts })).toEqual({ mode, reason });
});
