import type { Delivery, DeliveryReason } from '../../domain/delivery.ts';
import { storedFailureWords } from './failure-words.ts';

const words: Readonly<Record<DeliveryReason, string>> = {
  subscribed: 'Microsoft notifies Mailroom of new mail.',
  'not-connected': 'Not signed in yet, so nothing is read.',
  'sign-in-needed': 'Nothing is read until a person signs in.',
  paused: 'The account is disabled, so nothing is read.',
  hindered: 'Nothing can be read at the moment.',
  'mailbox-full': 'The mailbox is full, so new mail is found by listing the inbox.',
  listed: 'Microsoft does not report changes of this mailbox, so new mail is found by listing the inbox.',
  'shared-mailbox': 'Polled: Microsoft sends no notifications for shared mailboxes.',
  'no-public-address':
    'Polled: Microsoft cannot reach this installation. Set PUBLIC_URL (or NOTIFICATION_URL) to an https address that can be reached from outside.',
  starting: 'Polled until Microsoft has set up the notifications.',
  'endpoint-not-reached': 'Polled: Microsoft cannot reach the notification address. Check it from outside.',
  'subscription-refused': 'Polled: Microsoft sends no notifications for this mailbox. It is asked again later.',
  failed: 'Polled: the notifications could not be set up. Mailroom retries.',
};

/** How new mail is found, and why, in a sentence or two. */
export function deliveryWords({ reason }: Delivery, failureReason: string | null): string {
  if (reason !== 'failed') return words[reason];
  return `${words.failed} ${storedFailureWords('Unavailable', failureReason).cause}`;
}
