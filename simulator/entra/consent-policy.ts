/**
 * Who may consent on a user's behalf, in the order of their numbers in the database. `managed` is Microsoft's
 * recommendation, the default of new tenants: users cannot give access to mail, files, meetings or chats. `users` was
 * the default for years, and `administrators` lets users consent to nothing.
 */
export const consentPolicies = ['users', 'administrators', 'managed'] as const;
export type ConsentPolicy = (typeof consentPolicies)[number];

export const DEFAULT_CONSENT_POLICY: ConsentPolicy = 'managed';

/** Permissions that Microsoft's managed policy reserves for administrators, in addition to those that always are. */
const LEFT_TO_ADMINISTRATORS =
  /^(Mail|MailboxSettings|MailboxItem|Calendars|Contacts|Files|Sites|Chat|ChatMessage|ChannelMessage|OnlineMeetings\w*|EWS|EAS|IMAP|POP|SMTP)\./;

/** Whether Microsoft's managed policy reserves a permission for administrators. */
export function isLeftToAdministrators(permission: string): boolean {
  return LEFT_TO_ADMINISTRATORS.test(permission);
}
