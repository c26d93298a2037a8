/** More are forgotten early, which only means another entry. */
const REMEMBERED_AT_MOST = 20_000;

/** What this process recorded a moment ago, so that a repetition needs no entry of its own. */
export interface RecentEntries {
  /** Whether the same was remembered, and that time is not over. */
  has(key: string): boolean;
  remember(key: string, forMs: number): void;
}

export function createRecentEntries(): RecentEntries {
  const untilMs = new Map<string, number>();
  return {
    has: (key) => (untilMs.get(key) ?? 0) > performance.now(),
    remember(key, forMs) {
      untilMs.delete(key);
      if (untilMs.size >= REMEMBERED_AT_MOST) {
        const [oldest] = untilMs.keys();
        if (oldest !== undefined) untilMs.delete(oldest);
      }
      untilMs.set(key, performance.now() + forMs);
    },
  };
}
