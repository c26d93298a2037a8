import type { Schemas } from '../api/client.ts';
import type { DeskWords } from '../words/en/desk.ts';

type Invitation = Pick<Schemas['Invitation'], 'start' | 'end' | 'isAllDay'>;
type EventTime = NonNullable<Invitation['start']>;
type Recurrence = NonNullable<Schemas['Invitation']['recurrence']>;
type EventWords = DeskWords['mail']['event'];

/** When something takes place, as one line. */
export interface ShownTime {
  /** The zone of the organiser, where it is another than the reader's; undefined: the reader's. */
  readonly zone?: string;
  readonly time: string;
}

/**
 * When an event takes place, or when a task without a beginning is due: by the reader's clock, and also as the organiser
 * wrote it where that clock shows another time. Nothing when the invitation names no time.
 */
export function formatEventTime(
  { start: begin, end, isAllDay }: Invitation,
  locale: string,
  words: EventWords,
): readonly ShownTime[] {
  const start = begin ?? end;
  if (start === null) return [];
  if (isAllDay || start.at === null) return [{ time: asWritten(start, end, { locale, isAllDay, words }) }];
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const from = new Date(start.at);
  const to = end?.at ? new Date(end.at) : from;
  const own = { time: to > from ? format.formatRange(from, to) : format.format(from) };
  const written = asWritten(start, end, { locale, isAllDay, words });
  return start.zone === null || written === own.time ? [own] : [own, { zone: start.zone, time: written }];
}

/** "Every 2 weeks on Monday and Wednesday, 10 times, except on 25 May 2026". */
export function formatRecurrence(recurrence: Recurrence, locale: string, words: EventWords): string {
  const { frequency, interval, days, count, until, except } = recurrence;
  const every = words.every[frequency as keyof EventWords['every']]?.(interval) ?? words.repeatsOften;
  const named = days.flatMap((day) => dayName(day, locale, words) ?? []);
  const on = named.length === 0 ? '' : ` ${words.on(new Intl.ListFormat(locale).format(named))}`;
  const limit =
    count !== null
      ? `, ${words.times(count)}`
      : until !== null
        ? `, ${words.until(new Date(until).toLocaleDateString(locale, { dateStyle: 'long' }))}`
        : '';
  const left = except.length === 0 ? '' : `, ${words.except(shortList(except, locale, words))}`;
  return `${every}${on}${limit}${left}`;
}

/** What one date of a series says: that it is about no other, or also for which it stands. Empty: it is about no date. */
export function formatOfSeries(
  { replaces, start, isAllDay }: Pick<Schemas['Invitation'], 'replaces' | 'start' | 'isAllDay'>,
  locale: string,
  words: EventWords,
): string {
  if (replaces === null) return '';
  const isSame = start === null || (replaces.at ?? replaces.local) === (start.at ?? start.local);
  if (isSame) return words.onlyThisDate;
  const [shown] = formatEventTime({ start: replaces, end: null, isAllDay }, locale, words);
  return words.insteadOf(shown?.time ?? replaces.local);
}

/** More dates than these are counted. */
const MOST_DATES = 6;

function shortList(times: readonly EventTime[], locale: string, { otherDays }: EventWords): string {
  const named = times.length > MOST_DATES ? times.slice(0, MOST_DATES - 1) : times;
  const days = named.map(({ at, local }) => {
    const date = new Date(at ?? utc(local));
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...(at === null && { timeZone: 'UTC' }) });
    return Number.isNaN(date.getTime()) ? local : day.format(date);
  });
  const others = times.length - named.length;
  return new Intl.ListFormat(locale).format(others === 0 ? days : [...days, otherDays(others)]);
}

interface Written {
  readonly locale: string;
  readonly isAllDay: boolean;
  readonly words: EventWords;
}

/** The local times of the invitation, whatever the reader's zone is. */
function asWritten(start: EventTime, end: EventTime | null, { locale, isAllDay, words }: Written): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    ...(!isAllDay && { timeStyle: 'short' }),
    timeZone: 'UTC',
  });
  const from = new Date(utc(start.local));
  // Calendars may name days that are none, such as 00000000.
  if (Number.isNaN(from.getTime())) return start.local;
  // The end of whole days is the day after the last one.
  const last = end && new Date(utc(end.local) - (isAllDay ? DAY_MS : 0));
  const time = last && last > from ? format.formatRange(from, last) : format.format(from);
  return isAllDay ? `${time}, ${words.allDay}` : time;
}

const DAY_MS = 86_400_000;
/** A Sunday. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

function utc(local: string): number {
  return Date.parse(local.includes('T') ? `${local.replace(/Z$/, '')}Z` : `${local}T00:00:00Z`);
}

/** Of `MO`, a Monday, or of `-1MO`, the last Monday (RFC 5545, 3.3.10). Undefined for anything else. */
function dayName(day: string, locale: string, { nth }: EventWords): string | undefined {
  const number = DAYS.indexOf(day.slice(-2));
  const which = day.slice(0, -2).replace('+', '');
  if (number === -1 || (which !== '' && !Object.hasOwn(nth, which))) return undefined;
  const name = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(SUNDAY + number * DAY_MS);
  return which === '' ? name : `${nth[which as keyof EventWords['nth']]} ${name}`;
}
