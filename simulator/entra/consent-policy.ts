/**
 * Who may consent to what an app asks for in a person's name, in the order in which the database numbers them.
 * `managed` is Microsoft's recommendation, the default of new tenants: users may not give access to mail, files, meetings
 * or chats. `users` is how it was for years, and `administrators` lets users consent to nothing.
 */
export const consentPolicies = ['users', 'administrators', 'managed'] as const;
export type ConsentPolicy = (typeof consentPolicies)[number];

export const DEFAULT_CONSENT_POLICY: ConsentPolicy = 'managed';

/** What Microsoft's managed policy leaves to administrators, beside what they alone may give anyway. */
const LEFT_TO_ADMINISTRATORS =
  /^(Mail|MailboxSettings|MailboxItem|Calendars|Contacts|Files|Sites|Chat|ChatMessage|ChannelMessage|OnlineMeetings\w*|EWS|EAS|IMAP|POP|SMTP)\./;

/** Whether users may not consent to a permission under Microsoft's managed policy. */
export function isLeftToAdministrators(permission: string): boolean {
  return LEFT_TO_ADMINISTRATORS.test(permission);
}
