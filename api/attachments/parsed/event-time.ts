import ICAL from 'ical.js';
import { cutText, MOST_NAME_CHARACTERS } from '../../../domain/message-limits.ts';
import type { ParsedTime } from './parsed-content.ts';
import { zonesNamedBy } from './zone-names.ts';

type Component = InstanceType<typeof ICAL.Component>;
type Time = InstanceType<typeof ICAL.Time>;
type Timezone = InstanceType<typeof ICAL.Timezone>;

/** A time of an event as it is written, and the instant that it means. `tzid`: the zone of its property. */
export function eventTime(calendar: Component, time: Time, tzid: string | undefined): ParsedTime {
  const local = time
    .toString()
    .replace(/Z$/, '')
    .slice(0, time.isDate ? 10 : 19);
  const zone = tzid ? cutText(tzid, MOST_NAME_CHARACTERS) : null;
  return { at: time.isDate ? null : instantOf(calendar, time, tzid), local, zone };
}

/** Null: no date. */
export function isoTime(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** By the definition of the zone in the file, else by its name. Null: neither is known. */
function instantOf(calendar: Component, time: Time, tzid: string | undefined): string | null {
  if (!tzid) return time.zone === ICAL.Timezone.utcTimezone ? isoTime(time.toJSDate()) : null;
  const zone = definedZone(calendar, tzid);
  if (!zone) return byZoneName(time.toString().slice(0, 19), tzid);
  const zoned = time.clone();
  zoned.zone = zone;
  return isoTime(new Date(zoned.toUnixTime() * 1_000));
}

/** ical.js computes the changes of a zone's clocks once for each instance. */
const zones = new WeakMap<Component, Timezone>();

function definedZone(calendar: Component, tzid: string): Timezone | undefined {
  const defined = calendar.getAllSubcomponents('vtimezone').find((each) => each.getFirstPropertyValue('tzid') === tzid);
  if (!defined || !isSound(defined)) return undefined;
  const zone = zones.get(defined) ?? new ICAL.Timezone({ component: defined, tzid });
  zones.set(defined, zone);
  return zone;
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

/** The instant of a local time in a zone that is only named. */
function byZoneName(local: string, tzid: string): string | null {
  const timeZone = zonesNamedBy(tzid).find(isKnown);
  if (timeZone === undefined) return null;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (at: number) => {
    const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
    return Date.parse(`${found.year}-${found.month}-${found.day}T${found.hour}:${found.minute}:${found.second}Z`) - at;
  };
  // Twice: the first guess may lie on the other side of a change of the clocks.
  return isoTime(new Date(asUtc - offsetAt(asUtc - offsetAt(asUtc))));
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}
