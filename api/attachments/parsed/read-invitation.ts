import ICAL from 'ical.js';
import { cutText, MOST_NAME_CHARACTERS } from '../../../domain/message-limits.ts';
import { person } from './as-message.ts';
import { eventTime, isoTime } from './event-time.ts';
import type { ParsedInvitation, ParsedRecurrence, ParsedTime, Person } from './parsed-content.ts';
import { soundCalendar } from './sound-calendar.ts';

const MOST_ATTENDEES = 500;
const MOST_DESCRIPTION_CHARACTERS = 100_000;
/** Five years of a weekly meeting that never takes place. */
const MOST_EXCEPTIONS = 260;
/** Ten years. */
const LONGEST_SECONDS = 10 * 366 * 86_400;

type Component = InstanceType<typeof ICAL.Component>;
type Property = InstanceType<typeof ICAL.Property>;

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
    comment: cutText(commentOf(event), MOST_DESCRIPTION_CHARACTERS),
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
    recurrence: recurrenceOf(root, event),
    replaces: timeOf(root, event, 'recurrence-id'),
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
  return value instanceof ICAL.Time ? eventTime(calendar, value, property?.getFirstParameter('tzid')) : null;
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
  return eventTime(calendar, end, property?.getFirstParameter('tzid'));
}

/** What a guest writes with an answer or another time, or the organiser with a cancellation. */
function commentOf(event: Component): string {
  const values = event.getAllProperties('comment').map((each) => String(each.getFirstValue() ?? '').trim());
  return values.filter((value) => value !== '').join('\n');
}

function recurrenceOf(calendar: Component, event: Component): ParsedRecurrence | null {
  const rule = event.getFirstPropertyValue('rrule');
  if (!(rule instanceof ICAL.Recur)) return null;
  const days: unknown = rule.parts.BYDAY ?? [];
  return {
    frequency: String(rule.freq),
    interval: rule.interval,
    days: Array.isArray(days) ? days.slice(0, 31).map(String) : [],
    count: rule.count ?? null,
    // Not as a date of this machine's time zone, where it names none.
    until: rule.until ? isoTime(new Date(rule.until.toUnixTime() * 1_000)) : null,
    except: exceptionsOf(calendar, event),
  };
}

function exceptionsOf(calendar: Component, event: Component): ParsedTime[] {
  const found: ParsedTime[] = [];
  for (const property of event.getAllProperties('exdate')) {
    for (const value of property.getValues()) {
      if (found.length === MOST_EXCEPTIONS) return found;
      if (value instanceof ICAL.Time) found.push(eventTime(calendar, value, property.getFirstParameter('tzid')));
    }
  }
  return found.toSorted((one, other) => one.local.localeCompare(other.local));
}

function httpsLink(texts: readonly string[]): string | null {
  return texts.find((text) => text.length <= 2_000 && URL.parse(text)?.protocol === 'https:') ?? null;
}

function upper(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cutText(value.toUpperCase(), 100) : null;
}
