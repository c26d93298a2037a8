import type { AccountChange } from '../evidence/evidence.ts';

/** When an account was enabled and when it was disabled, by commit times. */
export interface Timeline {
  isEnabledAt(at: number): boolean;
  /** Whether the account was enabled (or disabled) at any moment of the interval. */
  wasEnabled(wanted: boolean, from: number, to: number): boolean;
  /** Periods in which the account was disabled; the last one may be open-ended. */
  readonly pauses: readonly Pause[];
}

export interface Pause {
  readonly from: number;
  /** Infinity while it lasts. */
  readonly to: number;
  /** Undefined while it lasts. */
  readonly mode: string | undefined;
}

/** Builds the timeline of one account from all its changes, oldest first. Accounts begin enabled. */
export function timelineOf(changes: readonly AccountChange[]): Timeline {
  const pauses: Pause[] = [];
  for (const { name, at, mode } of changes) {
    const open = pauses.at(-1)?.to === Number.POSITIVE_INFINITY ? pauses.pop() : undefined;
    if (name === 'disabled' || name === 'removed')
      pauses.push(open ?? { from: at, to: Number.POSITIVE_INFINITY, mode: undefined });
    else if (open) pauses.push(name === 'enabled' ? { ...open, to: at, mode } : open);
  }
  const isEnabledAt = (at: number) => !pauses.some(({ from, to }) => from <= at && at < to);
  return {
    pauses,
    isEnabledAt,
    wasEnabled(wanted, from, to) {
      if (isEnabledAt(from) === wanted || isEnabledAt(to) === wanted) return true;
      return pauses.some((pause) => [pause.from, pause.to].some((at) => from <= at && at <= to));
    },
  };
}

/** The timelines of all accounts, by account number. */
export function timelinesOf(changes: readonly AccountChange[], accounts: number): readonly Timeline[] {
  const byAccount = Map.groupBy(changes, ({ account }) => account);
  return Array.from({ length: accounts }, (_, account) => timelineOf(byAccount.get(account) ?? []));
}
