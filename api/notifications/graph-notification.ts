import { type LifecycleEvent, lifecycleEvents } from '../../database/ingest/subscriptions.ts';
import { needsOtherKey, parseClientState } from '../../encryption/client-state.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';

/** One notification that Microsoft sent, and nobody else. */
export interface GraphNotification {
  readonly accountId: string;
  readonly subscriptionId: string;
  /** Undefined: something is new in the mailbox. */
  readonly lifecycleEvent: LifecycleEvent | undefined;
}

export interface ParsedNotifications {
  readonly authentic: readonly GraphNotification[];
  /** Entries that nobody who knows us sent. */
  readonly refused: number;
  /** Some may be ours, made by a key that this process does not hold. */
  readonly needsOtherKey: boolean;
}

/** Microsoft sends some dozens at a time; what is longer is cut off, and the polls find the rest. */
const MOST_ENTRIES = 1_000;

/**
 * Reads what was posted to us: `{ value: [...] }`, mixed of accounts, kinds and repeats (learn.microsoft.com/graph/
 * change-notifications-delivery-webhooks). Decides by `clientState` alone what is authentic; of the rest it takes the
 * kind, never the content. Live lifecycle notifications have come with other fields than documented
 * (msgraph-sdk-dotnet issue 3103), so they are known by `lifecycleEvent`. Never throws.
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
