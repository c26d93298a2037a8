import { median } from '../../bench/measure/percentiles.ts';
import type { RoutedMail } from '../evidence/evidence.ts';
import { findMailNumber } from '../plan/plan-mail.ts';
import type { Suffered } from '../record/operation.ts';
import type { Timeline } from './account-timeline.ts';
import type { SentMail } from './expectation.ts';

/** How long Mailroom took to recover after a harm had ended, in milliseconds. */
export interface Recovery {
  readonly kind: string;
  readonly harms: number;
  /** Until the first mail that came after the harm was in its queue. */
  readonly next: Spread;
  /** Until every mail that came during the harm was in its queue. */
  readonly all: Spread;
}

interface Spread {
  readonly p50Ms: number;
  readonly maxMs: number;
}

/** A kill takes no time; it affects the mail just before and after it. */
const AROUND_MS = 1_000;

/**
 * Recovery by kind of harm, and over all harms. Counts mail of accounts that were enabled from its arrival until it was
 * routed. Where harms overlap, mail delayed by the later one counts for the earlier one as well: only a run with few
 * harms shows the cost of a single one.
 */
export function recoveries(
  suffered: readonly Suffered[],
  sent: readonly SentMail[],
  routed: readonly RoutedMail[],
  timelines: readonly Timeline[],
): readonly Recovery[] {
  const routedBy = new Map(routed.map((each) => [findMailNumber(each.subject), each.routedBy]));
  const times = sent
    .flatMap(({ mail, account, sentBy }) => {
      const by = routedBy.get(mail);
      if (by === undefined || timelines[account]?.wasEnabled(false, sentBy, by) !== false) return [];
      return [{ sentBy, by }];
    })
    .toSorted((a, b) => a.sentBy - b.sentBy);
  const measured = suffered.map(({ do: what, start, end, ...harm }) => {
    const during = times.filter(({ sentBy }) => sentBy >= start - AROUND_MS && sentBy <= end);
    const after = times.filter(({ sentBy }) => sentBy > end);
    return {
      kind: 'fault' in harm ? `${what} ${harm.fault.kind}` : what,
      nextMs: Math.min(...after.map(({ by }) => by - end)),
      allMs: Math.max(0, ...during.map(({ by }) => by - end)),
    };
  });
  const summary = (kind: string, all: typeof measured) => ({
    kind,
    harms: all.length,
    next: spreadOf(all.map(({ nextMs }) => nextMs).filter(Number.isFinite)),
    all: spreadOf(all.map(({ allMs }) => allMs)),
  });
  const kinds = [...Map.groupBy(measured, ({ kind }) => kind)].toSorted(([a], [b]) => a.localeCompare(b));
  return [summary('all', measured), ...kinds.map(([kind, all]) => summary(kind, all))];
}

function spreadOf(ms: readonly number[]): Spread {
  return { p50Ms: median(ms), maxMs: Math.max(0, ...ms) };
}
