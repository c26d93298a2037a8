import {
  createNotificationStats,
  type NotificationStats,
  type NotificationStatsSnapshot,
} from './notifications/notification-stats.ts';

/** The requests to the simulator since it started or since the counters were reset. */
export interface StatsSnapshot {
  readonly since: string;
  readonly requests: number;
  /** By endpoint (`GET /v1.0/me/mailFolders/{id}/messages/delta`, `POST /oauth2/v2.0/token`). */
  readonly endpoints: Readonly<Record<string, number>>;
  /** By status, over all endpoints. */
  readonly statuses: Readonly<Record<string, number>>;
  /** By mailbox address. The highest concurrency counts requests in flight, including refused ones. */
  readonly mailboxes: Readonly<Record<string, MailboxStats>>;
  readonly highestConcurrency: number;
  /** The most requests in flight at once, over all mailboxes. */
  readonly highestTogether: number;
  readonly tokenRequests: {
    readonly total: number;
    readonly byGrant: Readonly<Record<string, number>>;
    readonly refused: number;
  };
  readonly notifications: NotificationStatsSnapshot;
}

export interface MailboxStats {
  readonly requests: number;
  readonly highestConcurrency: number;
  readonly throttled: number;
}

/** Counters in memory: they restart at zero with the process. */
export interface Stats {
  readonly notifications: NotificationStats;
  countRequest(endpoint: string): void;
  countStatus(status: number): void;
  /** Call the returned function when the request has been answered. */
  enterMailbox(address: string): () => void;
  countThrottled(address: string): void;
  /** `grant` is the grant_type of a request to the token endpoint. */
  countTokenRequest(grant: string, refused: boolean): void;
  snapshot(): StatsSnapshot;
  reset(): void;
}

interface MailboxCounter {
  requests: number;
  inFlight: number;
  highest: number;
  throttled: number;
}

export function createStats(): Stats {
  let since = new Date();
  let requests = 0;
  let tokenRefusals = 0;
  let inFlight = 0;
  let highestTogether = 0;
  const endpoints = new Map<string, number>();
  const statuses = new Map<string, number>();
  const grants = new Map<string, number>();
  const mailboxes = new Map<string, MailboxCounter>();

  const notifications = createNotificationStats();

  const counterOf = (address: string): MailboxCounter => {
    let counter = mailboxes.get(address);
    if (!counter) {
      counter = { requests: 0, inFlight: 0, highest: 0, throttled: 0 };
      mailboxes.set(address, counter);
    }
    return counter;
  };

  return {
    notifications,

    countRequest(endpoint) {
      requests += 1;
      increment(endpoints, endpoint);
    },

    countStatus: (status) => increment(statuses, String(status)),

    enterMailbox(address) {
      const counter = counterOf(address);
      counter.requests += 1;
      counter.inFlight += 1;
      counter.highest = Math.max(counter.highest, counter.inFlight);
      inFlight += 1;
      highestTogether = Math.max(highestTogether, inFlight);
      return () => {
        counter.inFlight -= 1;
        inFlight -= 1;
      };
    },

    countThrottled(address) {
      counterOf(address).throttled += 1;
    },

    countTokenRequest(grant, refused) {
      increment(grants, grant);
      if (refused) tokenRefusals += 1;
    },

    snapshot() {
      const byMailbox = [...mailboxes].map(
        ([address, { requests, highest, throttled }]) =>
          [address, { requests, highestConcurrency: highest, throttled }] as const,
      );
      return {
        since: since.toISOString(),
        requests,
        endpoints: Object.fromEntries(endpoints),
        statuses: Object.fromEntries(statuses),
        mailboxes: Object.fromEntries(byMailbox),
        highestConcurrency: byMailbox.reduce((highest, [, each]) => Math.max(highest, each.highestConcurrency), 0),
        highestTogether,
        tokenRequests: {
          total: [...grants.values()].reduce((sum, count) => sum + count, 0),
          byGrant: Object.fromEntries(grants),
          refused: tokenRefusals,
        },
        notifications: notifications.snapshot(),
      };
    },

    reset() {
      since = new Date();
      requests = 0;
      tokenRefusals = 0;
      highestTogether = inFlight;
      endpoints.clear();
      statuses.clear();
      grants.clear();
      // A request that is in flight now still decrements its old counter, which is no longer read.
      mailboxes.clear();
      notifications.reset();
    },
  };
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
