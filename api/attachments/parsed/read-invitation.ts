import ICAL from 'ical.js';
import { cutText, MOST_NAME_CHARACTERS } from '../../../domain/message-limits.ts';
import type { ParsedInvitation, ParsedRecurrence, ParsedTime, Person } from './parsed-content.ts';
import { person } from './read-mime.ts';
import { soundCalendar } from './sound-calendar.ts';

const MOST_ATTENDEES = 500;
const MOST_DESCRIPTION_CHARACTERS = 100_000;
/** Ten years. */
const LONGEST_SECONDS = 10 * 366 * 86_400;

type Component = InstanceType<typeof ICAL.Component>;
type Property = InstanceType<typeof ICAL.Property>;
type Time = InstanceType<typeof ICAL.Time>;

/**
 * The first event of an iCalendar file, of a series the one that repeats, without what of it cannot be read; undefined: it
 * holds none. Never expands a recurrence, which may be endless.
 */
export function invitationOf(text: string, method?: string): ParsedInvitation | undefined {
  try {
    const found = read(text, method);
    if (found) return found;
  } catch {
    // Something in it is broken.
  }
  return read(soundCalendar(text), method);
}

function read(text: string, method: string | undefined): ParsedInvitation | undefined {
  const calendar = new ICAL.Component(ICAL.parse(text) as never);
  const root = calendar.name === 'vcalendar' ? calendar : undefined;
  // Of a series, exceptions may come first.
  const events = root?.getAllSubcomponents('vevent') ?? [];
  const series = events.find((each) => each.getFirstProperty('recurrence-id') === null);
  const event = series ?? events[0] ?? root?.getFirstSubcomponent('vtodo');
  if (!root || !event) return undefined;
  const textOf = (name: string) => String(event.getFirstPropertyValue(name) ?? '');
  const start = timeOf(root, event, 'dtstart');
  const organizer = event.getFirstProperty('organizer');
  return {
    kind: 'invitation',
    method: upper(root.getFirstPropertyValue('method') ?? method),
    summary: cutText(textOf('summary'), MOST_NAME_CHARACTERS),
    description: cutText(textOf('description'), MOST_DESCRIPTION_CHARACTERS),
    location: cutText(textOf('location'), MOST_NAME_CHARACTERS),
    link: httpsLink(['x-microsoft-skypeteamsmeetingurl', 'x-google-conference', 'conference', 'url'].map(textOf)),
    organizer: organizer ? personOf(organizer) : null,
    attendees: event
      .getAllProperties('attendee')
      .slice(0, MOST_ATTENDEES)
      .map((each) => ({
        ...personOf(each),
        response: upper(each.getFirstParameter('partstat')),
        isOptional: upper(each.getFirstParameter('role')) === 'OPT-PARTICIPANT',
      })),
    start,
    end: timeOf(root, event, 'dtend') ?? timeOf(root, event, 'due') ?? endByDuration(root, event),
    isAllDay: start !== null && !start.local.includes('T'),
    recurrence: recurrenceOf(event),
    status: upper(event.getFirstPropertyValue('status')),
  };
}

function personOf(property: Property): Person {
  const value = String(property.getFirstValue() ?? '');
  const address = /^mailto:/i.test(value) ? value.slice('mailto:'.length) : undefined;
  return person(property.getFirstParameter('cn') || undefined, address);
}

function timeOf(calendar: Component, event: Component, name: string): ParsedTime | null {
  const property = event.getFirstProperty(name);
  const value = property?.getFirstValue();
  return value instanceof ICAL.Time ? asTime(calendar, value, property?.getFirstParameter('tzid')) : null;
}

function endByDuration(calendar: Component, event: Component): ParsedTime | null {
  const property = event.getFirstProperty('dtstart');
  const start = property?.getFirstValue();
  const duration = event.getFirstPropertyValue('duration');
  if (!(start instanceof ICAL.Time) || !(duration instanceof ICAL.Duration)) return null;
  // ical.js counts it day by day.
  if (Math.abs(duration.toSeconds()) > LONGEST_SECONDS) return null;
  const end = start.clone();
  end.addDuration(duration);
  return asTime(calendar, end, property?.getFirstParameter('tzid'));
}

function asTime(calendar: Component, time: Time, tzid: string | undefined): ParsedTime {
  const local = time
    .toString()
    .replace(/Z$/, '')
    .slice(0, time.isDate ? 10 : 19);
  const zone = tzid ? cutText(tzid, MOST_NAME_CHARACTERS) : null;
  return { at: time.isDate ? null : instantOf(calendar, time, tzid), local, zone };
}

/** By the definition of the zone in the file, else by its name. Null: neither is known. */
function instantOf(calendar: Component, time: Time, tzid: string | undefined): string | null {
  if (!tzid) return time.zone === ICAL.Timezone.utcTimezone ? iso(time.toJSDate()) : null;
  const defined = calendar.getAllSubcomponents('vtimezone').find((each) => each.getFirstPropertyValue('tzid') === tzid);
  if (defined && isSound(defined)) {
    const zoned = time.clone();
    zoned.zone = new ICAL.Timezone({ component: defined, tzid });
    return iso(new Date(zoned.toUnixTime() * 1_000));
  }
  return byZoneName(time.toString().slice(0, 19), tzid);
}

/** Every part of it says how far it is from UTC, and begins once a year at most: ical.js computes each beginning. */
function isSound(zone: Component): boolean {
  const parts = [...zone.getAllSubcomponents('standard'), ...zone.getAllSubcomponents('daylight')];
  const isSoundPart = (part: Component) => {
    const rule = part.getFirstPropertyValue('rrule');
    const isRare = !(rule instanceof ICAL.Recur) || rule.freq === 'YEARLY';
    return isRare && part.getFirstPropertyValue('tzoffsetto') instanceof ICAL.UtcOffset;
  };
  return parts.length > 0 && parts.every(isSoundPart);
}

/** The instant of a local time in a zone of the IANA database. */
function byZoneName(local: string, zone: string): string | null {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
    const asUtc = Date.parse(`${local}Z`);
    const offsetAt = (at: number) => {
      const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
      return (
        Date.parse(`${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}Z`) - at
      );
    };
    // Twice: the first guess may lie on the other side of a change of the clocks.
    return iso(new Date(asUtc - offsetAt(asUtc - offsetAt(asUtc))));
  } catch {
    return null;
  }
}

function recurrenceOf(event: Component): ParsedRecurrence | null {
  const rule = event.getFirstPropertyValue('rrule');
  if (!(rule instanceof ICAL.Recur)) return null;
  const days: unknown = rule.parts.BYDAY ?? [];
  return {
    frequency: String(rule.freq),
    interval: rule.interval,
    days: Array.isArray(days) ? days.slice(0, 31).map(String) : [],
    count: rule.count ?? null,
    // Not as a date of this machine's time zone, where it names none.
    until: rule.until ? iso(new Date(rule.until.toUnixTime() * 1_000)) : null,
  };
}

function iso(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function httpsLink(texts: readonly string[]): string | null {
  return texts.find((text) => text.length <= 2_000 && URL.parse(text)?.protocol === 'https:') ?? null;
}

function upper(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cutText(value.toUpperCase(), 100) : null;
}
