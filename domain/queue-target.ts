import { addBusinessTime, type BusinessHours, subtractBusinessTime } from './business-hours.ts';

/** How soon the mail of a queue is to be dealt with. */
export interface QueueTarget {
  /** Until the first answer, in minutes of its hours; null: no such target. */
  readonly firstAnswerMinutes: number | null;
  /** Until the item is completed. */
  readonly resolutionMinutes: number | null;
  /** Null: round the clock. */
  readonly hours: BusinessHours | null;
}

const MINUTE_MS = 60_000;

/** When an open item is due: by the earlier of its queue's targets. Undefined without one. */
export function dueAt(target: QueueTarget | null, receivedAt: Date): Date | undefined {
  const duration = durationOf(target);
  if (target === null || duration === undefined) return undefined;
  const start = receivedAt.getTime();
  const due = target.hours === null ? start + duration : addBusinessTime(start, duration, target.hours);
  return due === undefined ? undefined : new Date(due);
}

/**
 * Open items that were received before this moment are overdue: within a queue, items are due in the order in which they
 * were received. Undefined without a target.
 */
export function overdueBefore(target: QueueTarget | null, now: Date): Date | undefined {
  const duration = durationOf(target);
  if (target === null || duration === undefined) return undefined;
  const end = now.getTime();
  const start = target.hours === null ? end - duration : subtractBusinessTime(end, duration, target.hours);
  return start === undefined ? undefined : new Date(start);
}

/** Of the earlier target, in milliseconds. */
function durationOf(target: QueueTarget | null): number | undefined {
  const minutes = [target?.firstAnswerMinutes, target?.resolutionMinutes].filter((each) => typeof each === 'number');
  return minutes.length === 0 ? undefined : Math.min(...minutes) * MINUTE_MS;
}
