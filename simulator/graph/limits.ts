import type { DatabaseSync } from 'node:sqlite';

/** Limits that a real service has and a test may want smaller. Changed through the control API; kept over a restart. */
export interface Limits {
  /** Requests of one app in flight on one mailbox (learn.microsoft.com/graph/throttling-limits). */
  readonly concurrentRequests: number;
  readonly requestsPerWindow: number;
  readonly windowSeconds: number;
  /** Delta and next links of one mailbox that stay valid; older ones answer 410. */
  readonly deltaGenerationsKept: number;
}

/** 1,000 generations: a walk through 10,000 messages by 50 takes 200, and several folders share a mailbox. */
export const DEFAULT_LIMITS: Limits = {
  concurrentRequests: 4,
  requestsPerWindow: 10_000,
  windowSeconds: 600,
  deltaGenerationsKept: 1_000,
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
