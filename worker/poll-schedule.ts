/** Polls of the next seconds, ordered by due time. */
export interface PollSchedule {
  /** Plans the next poll of a mailbox; an earlier one already planned stays. Negative: overdue. */
  plan(accountId: string, dueInMs: number): void;
  /** Takes up to `limit` due polls, the longest overdue first. Unwanted ones are dropped. */
  take(limit: number, isWanted: (accountId: string) => boolean): string[];
  /** Milliseconds until the next poll is due. */
  nextInMs(): number;
  /** Drops all others. */
  keep(isWanted: (accountId: string) => boolean): void;
}

/** Runs on the process's monotonic clock: times of the database arrive as the milliseconds left. */
export function createPollSchedule(nowMs: () => number = () => performance.now()): PollSchedule {
  const dueAtMs = new Map<string, number>();

  return {
    plan(accountId, dueInMs) {
      const atMs = nowMs() + dueInMs;
      dueAtMs.set(accountId, Math.min(atMs, dueAtMs.get(accountId) ?? atMs));
    },
    take(limit, isWanted) {
      const now = nowMs();
      const due = [...dueAtMs].filter(([, atMs]) => atMs <= now).sort(([, a], [, b]) => a - b);
      const taken: string[] = [];
      for (const [accountId] of due) {
        if (taken.length === limit) break;
        dueAtMs.delete(accountId);
        if (isWanted(accountId)) taken.push(accountId);
      }
      return taken;
    },
    nextInMs() {
      let next = Number.POSITIVE_INFINITY;
      for (const atMs of dueAtMs.values()) next = Math.min(next, atMs);
      return Math.max(0, next - nowMs());
    },
    keep(isWanted) {
      for (const accountId of dueAtMs.keys()) if (!isWanted(accountId)) dueAtMs.delete(accountId);
    },
  };
}
