import type { DatabaseSync } from 'node:sqlite';

/** Limits of the real service that a test may want smaller. Changed through the control API; they survive a restart. */
export interface Limits {
  /** Requests of one app in flight on one mailbox (learn.microsoft.com/graph/throttling-limits). */
  readonly concurrentRequests: number;
  /** Latency of each answer about a mailbox; Graph's is some 200. */
  readonly latencyMs: number;
  readonly requestsPerWindow: number;
  readonly windowSeconds: number;
  /** How many delta and next links of a mailbox stay valid; older ones answer 410. */
  readonly deltaGenerationsKept: number;
  /** A shorter requested life is extended to this. */
  readonly subscriptionLeastMinutes: number;
  /** A longer requested life is refused, with this number in the text. */
  readonly subscriptionMostMinutes: number;
  /** All apps together. */
  readonly subscriptionsPerMailbox: number;
  /** Whether another subscription of the same app, resource and change types answers 409. */
  readonly duplicateSubscriptionsRefused: boolean;
  /** How long before the end of a subscription `reauthorizationRequired` is sent. */
  readonly reauthorizationLeadSeconds: number;
  /** Time limit of the answer to a validation request. */
  readonly validationTimeoutMs: number;
  /** A later answer to notifications is slow: the connection is cut, and they are sent again. */
  readonly slowAnswerMs: number;
  /** Slow answers are counted per host, and the counts restart with each window. */
  readonly endpointWindowSeconds: number;
  /** A host is judged from this many answers on. */
  readonly endpointJudgedAfter: number;
  /** With more slow answers than this, new notifications are delayed. */
  readonly slowPercent: number;
  readonly slowDelayMs: number;
  /** With more than this, new notifications are dropped. */
  readonly dropPercent: number;
  readonly dropSeconds: number;
  /** Doubles with every attempt. */
  readonly retryFirstMs: number;
  /** After this time, a notification is lost. */
  readonly retryForSeconds: number;
  /** Recipients of one mail. */
  readonly recipientsPerMessage: number;
  /** Recipients of all mails that a mailbox sends in 24 hours. */
  readonly recipientsPerDay: number;
  /** Further mails of the mailbox are accepted, and wait. */
  readonly sendsPerMinute: number;
  /** The size of a mail with everything in it. */
  readonly messageBytes: number;
  /** A smaller file needs no upload session. */
  readonly uploadLeastBytes: number;
  readonly uploadMostBytes: number;
  readonly uploadRangeBytes: number;
  readonly uploadLifeSeconds: number;
}

const MEBIBYTE = 1024 * 1024;

/**
 * 1,000 generations: a walk through 10,000 messages by 50 takes 200, and several folders share a mailbox. 10,070
 * minutes is the number of a tenant in 2026 (openclaw/openclaw#111658); the documents say 10,080
 * (learn.microsoft.com/graph/api/resources/subscription). Slow and drop states, and the four hours of retries, are
 * those of learn.microsoft.com/graph/change-notifications-delivery-webhooks; that text no longer gives a smallest
 * number of answers, its edition of 2023 said 100. Sending: Exchange Online limits
 * (learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits); upload
 * sessions: learn.microsoft.com/graph/outlook-large-attachments.
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
  recipientsPerMessage: 500,
  recipientsPerDay: 10_000,
  sendsPerMinute: 30,
  messageBytes: 35 * MEBIBYTE,
  uploadLeastBytes: 3 * MEBIBYTE,
  uploadMostBytes: 150 * MEBIBYTE,
  uploadRangeBytes: 4 * MEBIBYTE,
  uploadLifeSeconds: 3_600,
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
