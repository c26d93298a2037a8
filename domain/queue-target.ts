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

/** When an open item is due: by the earlier of the targets that are not met yet. Undefined without one. */
export function dueAt(target: QueueTarget | null, receivedAt: Date, isAnswered: boolean): Date | undefined {
  const duration = durationOf(target, isAnswered);
  if (target === null || duration === undefined) return undefined;
  const start = receivedAt.getTime();
  const due = target.hours === null ? start + duration : addBusinessTime(start, duration, target.hours);
  return due === undefined ? undefined : new Date(due);
}

/**
 * Open items that were received before this moment are overdue: of those that are answered, and of those that are not,
 * each is due in the order in which it was received. Undefined without a target.
 */
export function overdueBefore(target: QueueTarget | null, now: Date, isAnswered: boolean): Date | undefined {
  const duration = durationOf(target, isAnswered);
  if (target === null || duration === undefined) return undefined;
  const end = now.getTime();
  const start = target.hours === null ? end - duration : subtractBusinessTime(end, duration, target.hours);
  return start === undefined ? undefined : new Date(start);
}

/** Of the earlier target that counts, in milliseconds. */
function durationOf(target: QueueTarget | null, isAnswered: boolean): number | undefined {
  const counting = [isAnswered ? null : target?.firstAnswerMinutes, target?.resolutionMinutes];
  const minutes = counting.filter((each) => typeof each === 'number');
  return minutes.length === 0 ? undefined : Math.min(...minutes) * MINUTE_MS;
}
