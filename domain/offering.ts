/** How the items of a queue are offered to persons. */
export interface QueueOffers {
  /** After this, an offer goes on to the next person. */
  readonly timeoutSeconds: number;
  /** Agents may also claim its items by hand. */
  readonly allowsClaims: boolean;
}

export const DEFAULT_OFFER_SECONDS = 30;
/** Shorter, and a person who reads another mail misses it; longer, and a customer waits for a person who is not there. */
export const SHORTEST_OFFER_SECONDS = 10;
export const LONGEST_OFFER_SECONDS = 300;

/** Mails at a time, as Amazon Connect suggests for tasks: one in work, and two that wait for something. */
export const DEFAULT_CAPACITY = 3;
export const LARGEST_CAPACITY = 100;

export const availabilityStates = ['available', 'away'] as const;
export type AvailabilityState = (typeof availabilityStates)[number];

/**
 * Why a person is away. `chosen`: by choice. `missed`: an offer ended without an answer. `closed`: no page of Mailroom is
 * open. `idle`: a page is open, but the person does nothing.
 */
export const awayReasons = ['chosen', 'missed', 'closed', 'idle'] as const;
export type AwayReason = (typeof awayReasons)[number];

/** How an offer ended; `withdrawn`: the person went away, or the item went elsewhere. */
export const offerOutcomes = ['accepted', 'declined', 'missed', 'withdrawn'] as const;
export type OfferOutcome = (typeof offerOutcomes)[number];

/** Pages report every half minute; browsers let hidden pages do so only once a minute, and one report may get lost. */
export const PAGE_TRUSTED_SECONDS = 150;
/** Reading a long mail takes minutes without a sign. */
export const IDLE_AFTER_MINUTES = 15;

/** Who has room for an item. */
export interface IdleAgent {
  readonly userId: string;
  /** Queues whose items the person may be offered. */
  readonly queueIds: ReadonlySet<string>;
  readonly room: number;
  readonly openOffers: number;
  /** Since becoming available, accepting or completing. */
  readonly idleSince: Date;
}

/** What a person had of an item. */
export interface HadItem {
  readonly times: number;
  /** So recently that it does not come back to the person yet. */
  readonly isRecent: boolean;
}

export interface OfferableItem {
  readonly queueId: string;
  /** The only person that it may be offered to. */
  readonly keptFor: string | undefined;
  readonly had: ReadonlyMap<string, HadItem>;
}

/**
 * Whom an item is offered to: among those who may have it and have room, who had it least often, then who has fewest
 * open offers, then who has been idle longest.
 */
export function chooseAgent(agents: readonly IdleAgent[], item: OfferableItem): IdleAgent | undefined {
  const { queueId, keptFor, had } = item;
  const timesOf = ({ userId }: IdleAgent) => had.get(userId)?.times ?? 0;
  const [first] = agents
    .filter(({ userId, queueIds, room }) => room > 0 && queueIds.has(queueId) && !had.get(userId)?.isRecent)
    .filter(({ userId }) => keptFor === undefined || keptFor === userId)
    .sort(
      (a, b) =>
        timesOf(a) - timesOf(b) ||
        a.openOffers - b.openOffers ||
        a.idleSince.getTime() - b.idleSince.getTime() ||
        (a.userId < b.userId ? -1 : 1),
    );
  return first;
}
