import { type LifecycleEvent, lifecycleEvents } from '../../database/ingest/subscriptions.ts';
import { needsOtherKey, parseClientState } from '../../encryption/client-state.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';

/** One authentic notification from Microsoft. */
export interface GraphNotification {
  readonly accountId: string;
  readonly subscriptionId: string;
  /** Undefined: the mailbox has changed. */
  readonly lifecycleEvent: LifecycleEvent | undefined;
}

export interface ParsedNotifications {
  readonly authentic: readonly GraphNotification[];
  /** Entries without a valid `clientState`. */
  readonly refused: number;
  /** Some entries may be authentic, signed with a key that this process does not have. */
  readonly needsOtherKey: boolean;
}

/** Microsoft sends some dozens at a time; further entries are cut off, and polls find their mail. */
const MOST_ENTRIES = 1_000;

/**
 * Parses a notification request: `{ value: [...] }`, with accounts, kinds and repeats mixed
 * (learn.microsoft.com/graph/change-notifications-delivery-webhooks). `clientState` alone decides what is authentic; of
 * the rest it takes the kind, never the content. Live lifecycle notifications have come with other fields than
 * documented (msgraph-sdk-dotnet issue 3103), so they are recognised by `lifecycleEvent`. Never throws.
 */
export function parseNotifications(keys: KeyRing, body: unknown): ParsedNotifications {
  const value = (body as { value?: unknown } | null | undefined)?.value;
  if (!Array.isArray(value)) return { authentic: [], refused: 1, needsOtherKey: false };
  const read = value.slice(0, MOST_ENTRIES);
  const entries = read.map((entry) => parseNotification(keys, entry));
  const authentic = entries.filter((entry) => entry !== undefined);
  return {
    authentic,
    refused: entries.length - authentic.length,
    needsOtherKey: read.some((entry) => needsOtherKey(keys, entry?.clientState)),
  };
}

function parseNotification(keys: KeyRing, entry: unknown): GraphNotification | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { clientState, subscriptionId, lifecycleEvent } = entry as Record<string, unknown>;
  const accountId = parseClientState(keys, clientState);
  if (accountId === undefined) return undefined;
  return {
    accountId,
    subscriptionId: typeof subscriptionId === 'string' ? subscriptionId : '',
    lifecycleEvent: lifecycleEvents.find((known) => known === lifecycleEvent),
  };
}
