import type { AccountChange } from '../evidence/evidence.ts';

/** When an account was enabled and when it was not, by the commits. */
export interface Timeline {
  isEnabledAt(at: number): boolean;
  /** Whether it was so at any moment from one time to another. */
  wasEnabled(wanted: boolean, from: number, to: number): boolean;
  /** Pauses, the last one perhaps without an end. */
  readonly pauses: readonly Pause[];
}

export interface Pause {
  readonly from: number;
  /** Infinity: it lasts. */
  readonly to: number;
  /** Undefined while it lasts. */
  readonly mode: string | undefined;
}

/** From all changes of one account, oldest first. It begins enabled. */
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

/** The timelines of all accounts, by their numbers. */
export function timelinesOf(changes: readonly AccountChange[], accounts: number): readonly Timeline[] {
  const byAccount = Map.groupBy(changes, ({ account }) => account);
  return Array.from({ length: accounts }, (_, account) => timelineOf(byAccount.get(account) ?? []));
}
