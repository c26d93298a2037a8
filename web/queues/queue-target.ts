import type { Schemas } from '../api/client.ts';
import type { DeskWords } from '../words/en/desk.ts';

type Target = Schemas['QueueTarget'];
type OpenHours = NonNullable<Target['hours']>['week'][number];

export const durationUnits = ['minutes', 'hours'] as const;

/** A duration as it is entered; an empty amount is none. */
export interface EnteredDuration {
  readonly amount: string;
  readonly unit: (typeof durationUnits)[number];
}

/** The business hours of one day of the week as they are entered, `HH:MM`. */
export interface EnteredDay {
  readonly isOpen: boolean;
  readonly from: string;
  readonly to: string;
  /** Several openings, which only the API sets. */
  readonly several?: OpenHours;
}

export interface EnteredHours {
  readonly timeZone: string;
  /** From Sunday on. */
  readonly week: readonly EnteredDay[];
  readonly holidays: readonly string[];
}

/** The target of a queue as it is entered. */
export interface EnteredTarget {
  readonly firstAnswer: EnteredDuration;
  readonly completion: EnteredDuration;
  /** Undefined: round the clock. */
  readonly hours: EnteredHours | undefined;
}

const MOST_MINUTES = 525_600;
const WORKING_DAYS = [1, 2, 3, 4, 5];

/** What a form begins with. */
export function enteredTarget(target: Target | null): EnteredTarget {
  return {
    firstAnswer: enteredDuration(target?.firstAnswerMinutes ?? null),
    completion: enteredDuration(target?.resolutionMinutes ?? null),
    hours: target?.hours ? { ...target.hours, week: target.hours.week.map(enteredDay) } : undefined,
  };
}

/** What business hours begin with: Monday to Friday, in the reader's time zone. */
export function usualHours(): EnteredHours {
  return {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: Array.from({ length: 7 }, (_, day) => ({ ...CLOSED, isOpen: WORKING_DAYS.includes(day) })),
    holidays: [],
  };
}

/** As the API takes it; null: none. Only for what has no problem. */
export function targetChange({ firstAnswer, completion, hours }: EnteredTarget): Target | null {
  const minutes = { firstAnswerMinutes: minutesOf(firstAnswer), resolutionMinutes: minutesOf(completion) };
  if (hours === undefined && minutes.firstAnswerMinutes === null && minutes.resolutionMinutes === null) return null;
  return {
    ...minutes,
    hours: hours ? { ...hours, week: hours.week.map(openHours), holidays: [...hours.holidays] } : null,
  };
}

/** Why it cannot be saved, in the reader's language. */
export function targetProblem(
  { firstAnswer, completion, hours }: EnteredTarget,
  words: DeskWords['board'],
): string | undefined {
  if ([firstAnswer, completion].some((each) => !isDuration(each))) return words.minutesWrong;
  if (hours === undefined) return undefined;
  if (hours.week.every(({ isOpen }) => !isOpen)) return words.noDay;
  if (hours.week.some(({ isOpen, from, to, several }) => isOpen && !several && (from === '' || to === ''))) {
    return words.hoursWrong;
  }
  const wrong = hours.holidays.find((day) => !isDay(day));
  return wrong === undefined ? undefined : words.holidayWrong(wrong);
}

const CLOSED: EnteredDay = { isOpen: false, from: '09:00', to: '17:00' };

function enteredDuration(minutes: number | null): EnteredDuration {
  if (minutes === null) return { amount: '', unit: 'hours' };
  return minutes % 60 === 0
    ? { amount: String(minutes / 60), unit: 'hours' }
    : { amount: String(minutes), unit: 'minutes' };
}

function minutesOf({ amount, unit }: EnteredDuration): number | null {
  return amount.trim() === '' ? null : Number(amount.replace(',', '.')) * (unit === 'hours' ? 60 : 1);
}

function isDuration(entered: EnteredDuration): boolean {
  const minutes = minutesOf(entered);
  return minutes === null || (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES);
}

function enteredDay(hours: OpenHours): EnteredDay {
  const [first, ...others] = hours;
  if (!first) return CLOSED;
  const entered = { isOpen: true, from: clock(first.from), to: clock(first.to) };
  return others.length > 0 ? { ...entered, several: hours } : entered;
}

function openHours({ isOpen, from, to, several }: EnteredDay): OpenHours {
  if (!isOpen) return [];
  return several ?? [{ from: minuteOfDay(from), to: minuteOfDay(to) }];
}

/** The end of a day is 00:00 of the next. */
function clock(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function isDay(text: string): boolean {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : undefined;
  // 2026-02-30 would be the 2nd of March.
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
