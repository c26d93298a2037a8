export const CHANGE_TYPES = ['created', 'updated', 'deleted'] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

export const LIFECYCLE_EVENTS = ['missed', 'subscriptionRemoved', 'reauthorizationRequired'] as const;
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

/** A subscription to the mail of a mailbox or of one of its folders. */
export interface Subscription {
  readonly id: string;
  readonly mailboxId: number;
  /** Primary address of the mailbox in lower case. */
  readonly mailbox: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** The user whose token created it; the app's service principal for an app-only token. */
  readonly creatorOid: string;
  /** `users/{oid}/mailFolders('inbox')/messages`, with its query. */
  readonly resource: string;
  /** Null: the whole mailbox. */
  readonly folderNumber: number | null;
  readonly filter: string | null;
  /** As requested: `created,updated`. */
  readonly changeType: string;
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  readonly latestSupportedTlsVersion: string;
  readonly hasImmutableIds: boolean;
  /** False for another user's mailbox under a delegated token: accepted, but without notifications. */
  readonly notifies: boolean;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The creator's revocation count at the last authorization; null for an app-only token. */
  readonly generation: number | null;
  /** Start of the wait for a new authorization, in milliseconds since 1970. */
  readonly pausedAt: number | null;
  /** The expiry for which `reauthorizationRequired` was sent. */
  readonly remindedOf: number | null;
}
