/** A meeting with the fields of Graph's eventMessage. Times are UTC, or as written if the zone is unknown. */
export interface Meeting {
  readonly method: 'request' | 'cancel' | 'reply';
  readonly start: string | null;
  readonly end: string | null;
  readonly isAllDay: boolean;
  readonly isRecurring: boolean;
  readonly location: string | null;
  readonly responseRequested: boolean;
  /** In a reply: the attendee's answer. */
  readonly response: 'accepted' | 'tentativelyAccepted' | 'declined' | 'none';
}

/** Parses the iCalendar part of a mail; null for an invalid part, or a publication that expects no answer. */
export function readMeeting(contentType: string, content: Buffer): Meeting | null {
  if (contentType.toLowerCase() !== 'text/calendar') return null;
  const lines = content
    .toString('utf8')
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  const method = findProperty(lines, 'METHOD')?.value.trim().toLowerCase();
  if (method !== 'request' && method !== 'cancel' && method !== 'reply') return null;
  const from = lines.findIndex((line) => line.toUpperCase() === 'BEGIN:VEVENT');
  const event = lines.slice(from < 0 ? lines.length : from);
  const start = findProperty(event, 'DTSTART');
  const end = findProperty(event, 'DTEND');
  const attendee = findProperty(event, 'ATTENDEE');
  return {
    method,
    start: start ? dateTime(start) : null,
    end: end ? dateTime(end) : start ? dateTime(start) : null,
    isAllDay: start !== undefined && /^\d{8}$/.test(start.value),
    isRecurring: findProperty(event, 'RRULE') !== undefined,
    location: findProperty(event, 'LOCATION')?.value.replace(/\\([,;\\])/g, '$1') || null,
    responseRequested: /RSVP=TRUE/i.test(attendee?.parameters ?? ''),
    response: response(attendee?.parameters ?? ''),
  };
}

interface Property {
  readonly parameters: string;
  readonly value: string;
}

function findProperty(lines: readonly string[], name: string): Property | undefined {
  for (const line of lines) {
    const match = /^([A-Za-z-]+)((?:;(?:[^:"]|"[^"]*")*)?):(.*)$/.exec(line);
    if (match?.[1]?.toUpperCase() === name) return { parameters: match[2] ?? '', value: (match[3] ?? '').trim() };
  }
  return undefined;
}

function dateTime({ value, parameters }: Property): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z?))?$/.exec(value);
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', utc] = match;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const zone = /TZID="?([^";]+)"?/i.exec(parameters)?.[1];
  const instant = utc || !zone ? written : toUtc(written, zone);
  return `${instant}.0000000`;
}

/** Converts a wall-clock time of an IANA zone to UTC; unknown zones leave it unchanged. */
function toUtc(wallClock: string, zone: string): string {
  const asUtc = Date.parse(`${wallClock}Z`);
  if (Number.isNaN(asUtc)) return wallClock;
  try {
    const shown = new Date(asUtc).toLocaleString('sv-SE', { timeZone: zone });
    const offsetMs = Date.parse(`${shown.replace(' ', 'T')}Z`) - asUtc;
    return new Date(asUtc - offsetMs).toISOString().slice(0, 19);
  } catch {
    return wallClock;
  }
}

function response(parameters: string): Meeting['response'] {
  const status = /PARTSTAT=([A-Z-]+)/i.exec(parameters)?.[1]?.toUpperCase();
  if (status === 'ACCEPTED') return 'accepted';
  if (status === 'TENTATIVE') return 'tentativelyAccepted';
  return status === 'DECLINED' ? 'declined' : 'none';
}
