import type { DatabaseSync } from 'node:sqlite';

/** Limits that a real service has and a test may want smaller. Changed through the control API; kept over a restart. */
export interface Limits {
  /** Requests of one app in flight on one mailbox (learn.microsoft.com/graph/throttling-limits). */
  readonly concurrentRequests: number;
  /** How long each answer about a mailbox takes; Graph needs some 200. */
  readonly latencyMs: number;
  readonly requestsPerWindow: number;
  readonly windowSeconds: number;
  /** Delta and next links of one mailbox that stay valid; older ones answer 410. */
  readonly deltaGenerationsKept: number;
  /** A subscription asked for less lives this long all the same. */
  readonly subscriptionLeastMinutes: number;
  /** More is refused, with this number in the text. */
  readonly subscriptionMostMinutes: number;
  /** Of all apps together. */
  readonly subscriptionsPerMailbox: number;
  /** Whether the same app, resource and change types again answer 409. */
  readonly duplicateSubscriptionsRefused: boolean;
  /** How long before the end of a subscription `reauthorizationRequired` comes. */
  readonly reauthorizationLeadSeconds: number;
  /** For the answer to a validation request. */
  readonly validationTimeoutMs: number;
  /** An answer to notifications later than this is slow: its connection is cut, and they come again. */
  readonly slowAnswerMs: number;
  /** Slow answers are counted by host, and the counts begin anew with each window. */
  readonly endpointWindowSeconds: number;
  /** A host is judged from this many answers on. */
  readonly endpointJudgedAfter: number;
  /** More slow answers than this: new notifications wait. */
  readonly slowPercent: number;
  readonly slowDelayMs: number;
  /** More than this: new notifications are thrown away. */
  readonly dropPercent: number;
  readonly dropSeconds: number;
  /** Doubles with every attempt. */
  readonly retryFirstMs: number;
  /** Then a notification is lost. */
  readonly retryForSeconds: number;
}

/**
 * 1,000 generations: a walk through 10,000 messages by 50 takes 200, and several folders share a mailbox.
 * 10,070 minutes is what a tenant of 2026 named (openclaw/openclaw#111658); the documents say 10,080
 * (learn.microsoft.com/graph/api/resources/subscription). Slow and drop states, and the four hours of retries, are
 * those of learn.microsoft.com/graph/change-notifications-delivery-webhooks; that text names no smallest number of
 * answers any more, its edition of 2023 said 100.
 */
export const DEFAULT_LIMITS: Limits = {
  concurrentRequests: 4,
  latencyMs: 0,
  requestsPerWindow: 10_000,
  windowSeconds: 600,
  deltaGenerationsKept: 1_000,
  subscriptionLeastMinutes: 45,
  subscriptionMostMinutes: 10_070,
  subscriptionsPerMailbox: 1_000,
  duplicateSubscriptionsRefused: true,
  reauthorizationLeadSeconds: 900,
  validationTimeoutMs: 10_000,
  slowAnswerMs: 10_000,
  endpointWindowSeconds: 600,
  endpointJudgedAfter: 100,
  slowPercent: 10,
  slowDelayMs: 10_000,
  dropPercent: 15,
  dropSeconds: 600,
  retryFirstMs: 1_000,
  retryForSeconds: 14_400,
};

export interface LimitsStore {
  current(): Limits;
  change(changes: Partial<Limits>): Limits;
}

export function createLimits(database: DatabaseSync): LimitsStore {
  const row = database.prepare(`SELECT value FROM graph_settings WHERE name = 'limits'`).get();
  let limits: Limits = { ...DEFAULT_LIMITS, ...(row ? JSON.parse(String(row.value)) : {}) };
  return {
    current: () => limits,
    change(changes) {
      limits = { ...limits, ...changes };
      database
        .prepare(
          `INSERT INTO graph_settings (name, value) VALUES ('limits', ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        )
        .run(JSON.stringify(limits));
      return limits;
    },
  };
}
