/** The polls of the next seconds, by when they are due. */
export interface PollSchedule {
  /** Plans the next poll of a mailbox; an earlier one that is planned already stays. Negative: it is overdue. */
  plan(accountId: string, dueInMs: number): void;
  /** Takes at most so many that are due, the longest overdue first. Those that are not wanted are forgotten. */
  take(limit: number, isWanted: (accountId: string) => boolean): string[];
  /** Milliseconds until the next one is due. */
  nextInMs(): number;
  /** Forgets all others. */
  keep(isWanted: (accountId: string) => boolean): void;
}

/** By the process's monotonic clock: times of the database arrive as what is left of them. */
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
