import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** What happened to notifications since the counters were reset. Duplicates count each time. */
export interface NotificationStatsSnapshot {
  /** Put into a request; each attempt counts. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Sent but not acknowledged; most are sent again. */
  readonly failed: number;
  /** Given up, dropped with a host's other notifications, or removed by `lost-notifications`. */
  readonly lost: number;
  readonly requests: number;
  /** Acknowledged notifications, from the change to the answer. Null if there were none. */
  readonly latencyMs: Percentiles | null;
  /** All requests, whatever the answer; null if there were none. */
  readonly answerMs: Percentiles | null;
}

interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface NotificationStats {
  countRequest(notifications: number): void;
  countAnswer(ms: number): void;
  countAcknowledged(latencyMs: number): void;
  countFailed(notifications: number): void;
  countLost(notifications: number): void;
  snapshot(): NotificationStatsSnapshot;
  reset(): void;
}

export function createNotificationStats(): NotificationStats {
  const counts = { sent: 0, acknowledged: 0, failed: 0, lost: 0, requests: 0 };
  const latencies = createHistogram();
  const answers = createHistogram();
  return {
    countRequest(notifications) {
      counts.requests += 1;
      counts.sent += notifications;
    },
    countAnswer: (ms) => record(answers, ms),
    countAcknowledged(latencyMs) {
      counts.acknowledged += 1;
      record(latencies, latencyMs);
    },
    countFailed(notifications) {
      counts.failed += notifications;
    },
    countLost(notifications) {
      counts.lost += notifications;
    },
    snapshot: () => ({ ...counts, latencyMs: percentiles(latencies), answerMs: percentiles(answers) }),
    reset() {
      Object.assign(counts, { sent: 0, acknowledged: 0, failed: 0, lost: 0, requests: 0 });
      latencies.reset();
      answers.reset();
    },
  };
}

/** Node's histograms start at 1. */
function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms)));
}

function percentiles(histogram: RecordableHistogram): Percentiles | null {
  if (histogram.count === 0) return null;
  const [p50, p95, p99] = [50, 95, 99].map((percent) => histogram.percentile(percent)) as [number, number, number];
  return { p50, p95, p99, max: histogram.max };
}
