import type { Delivery, DeliveryReason } from '../../domain/delivery.ts';
import { storedFailureWords } from './failure-words.ts';

const words: Readonly<Record<DeliveryReason, string>> = {
  subscribed: 'Microsoft tells Mailroom of new mail.',
  'not-connected': 'Nobody has signed in yet, so nothing is read.',
  'sign-in-needed': 'Nothing is read until somebody signs in.',
  paused: 'The account is disabled, so nothing is read.',
  hindered: 'Nothing can be read at the moment.',
  'mailbox-full': 'The mailbox is full, so what is new is found in the list of its inbox.',
  listed: 'Microsoft does not tell what is new in this mailbox, so new mail is found in the list of its inbox.',
  'shared-mailbox': 'Polled: Microsoft sends no notifications for shared mailboxes.',
  'no-public-address':
    'Polled: Microsoft cannot reach this installation. Set PUBLIC_URL (or NOTIFICATION_URL) to an https address that can be reached from outside.',
  starting: 'Polled until Microsoft has made the notifications.',
  'endpoint-not-reached': 'Polled: Microsoft cannot reach the notification address. Check it from outside.',
  'subscription-refused': 'Polled: Microsoft sends no notifications for this mailbox. It is asked again later.',
  failed: 'Polled: the notifications could not be made. They are tried again.',
};

/** How new mail is found, and why so, in a sentence or two. */
export function deliveryWords({ reason }: Delivery, failureReason: string | null): string {
  if (reason !== 'failed') return words[reason];
  return `${words.failed} ${storedFailureWords('Unavailable', failureReason).cause}`;
}
