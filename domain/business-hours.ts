/** A part of a day in which a queue is worked: minutes after midnight. `to` before `from`: until that time of the next day. */
export interface OpenHours {
  readonly from: number;
  readonly to: number;
}

/** When a queue is worked. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** By day of the week, Sunday first, as `Date.getUTCDay()` counts; empty: closed. */
  readonly week: readonly (readonly OpenHours[])[];
  /** Closed days, as ISO dates. Hours that began on the evening before go on until their end. */
  readonly holidays: readonly string[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** A target of a few days is reached within weeks; longer than this, hardly any hours are open. */
const MOST_DAYS = 800;

/**
 * The moment at which `duration` (milliseconds) of business hours have passed since `start` (milliseconds since 1970).
 * Undefined when they do not pass within two years.
 */
export function addBusinessTime(start: number, duration: number, hours: BusinessHours): number | undefined {
  let left = duration;
  for (let day = localDay(start, hours.timeZone), n = 0; n < MOST_DAYS; day++, n++) {
    for (const { opens, closes } of openOn(day, hours)) {
      const from = Math.max(opens, start);
      const open = closes - from;
      if (open <= 0) continue;
      if (left <= open) return from + left;
      left -= open;
    }
  }
  return undefined;
}

/**
 * The latest start from which `duration` of business hours have passed until `end`: what was received before it is
 * overdue. Undefined when they have not passed within two years.
 */
export function subtractBusinessTime(end: number, duration: number, hours: BusinessHours): number | undefined {
  let left = duration;
  for (let day = localDay(end, hours.timeZone), n = 0; n < MOST_DAYS; day--, n++) {
    for (const { opens, closes } of openOn(day, hours).toReversed()) {
      const to = Math.min(closes, end);
      const open = to - opens;
      if (open <= 0) continue;
      if (left <= open) return to - left;
      left -= open;
    }
  }
  return undefined;
}

interface Span {
  readonly opens: number;
  closes: number;
}

/** What is open of a day (days since 1970), in order and without overlaps: its own hours, and those of the night before. */
function openOn(day: number, hours: BusinessHours): readonly Span[] {
  const [begins, ends] = [momentOf(day, 0, hours.timeZone), momentOf(day + 1, 0, hours.timeZone)];
  const spans = [...beginningOn(day - 1, hours), ...beginningOn(day, hours)]
    .map(({ opens, closes }) => ({ opens: Math.max(opens, begins), closes: Math.min(closes, ends) }))
    .filter(({ opens, closes }) => opens < closes)
    .sort((a, b) => a.opens - b.opens);
  const apart: Span[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last && span.opens <= last.closes) last.closes = Math.max(last.closes, span.closes);
    else apart.push(span);
  }
  return apart;
}

function beginningOn(day: number, { timeZone, week, holidays }: BusinessHours): readonly Span[] {
  const date = new Date(day * DAY_MS);
  if (holidays.includes(date.toISOString().slice(0, 10))) return [];
  return (week[date.getUTCDay()] ?? []).map(({ from, to }) => ({
    opens: momentOf(day, from, timeZone),
    closes: momentOf(day, to <= from ? to + DAY_MINUTES : to, timeZone),
  }));
}

/**
 * When a clock of the zone shows this time. One that is skipped in spring is as late as the clocks were put forward; of
 * one that comes twice in autumn it is the first.
 */
function momentOf(day: number, minutes: number, timeZone: string): number {
  const shown = day * DAY_MS + minutes * MINUTE_MS;
  const [before, after] = [offsetAt(shown - DAY_MS, timeZone), offsetAt(shown + DAY_MS, timeZone)];
  const candidates = [shown - Math.max(before, after), shown - Math.min(before, after)];
  const exact = candidates.find((moment) => moment + offsetAt(moment, timeZone) === shown);
  return exact ?? shown - before;
}

function localDay(moment: number, timeZone: string): number {
  return Math.floor((moment + offsetAt(moment, timeZone)) / DAY_MS);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock of the zone is ahead of UTC, in milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1_000) * 1_000;
}

/** Whether the platform knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
