/**
 * A named property of the mail in Exchange, which holds the answer's id. It is set by the request that creates the draft,
 * moves with the mail into Sent Items, is never sent to recipients, and can be searched: so an attempt finds what an
 * earlier one left (learn.microsoft.com/graph/api/resources/extended-properties-overview).
 */
const MARKER_PROPERTY = 'String {c1b7f0d4-5a0e-4c39-9d62-7e1a8f3b2c55} Name mailroomAnswer';

/** The property as it is written. */
export function markerProperty(answerId: string) {
  return { id: MARKER_PROPERTY, value: answerId };
}

/**
 * Headers that say to other programs that a program sent this mail, so that none answers it (RFC 3834, section 3.1.7;
 * MS-OXCMAIL 2.1.3.2.4: a named property of PS_INTERNET_HEADERS becomes the header of its name). Graph itself only takes
 * headers that begin with `x-`.
 */
export const automaticProperties = [
  { id: 'String {00020386-0000-0000-C000-000000000046} Name Auto-Submitted', value: 'auto-replied' },
  { id: 'String {00020386-0000-0000-C000-000000000046} Name X-Auto-Response-Suppress', value: 'All' },
] as const;

/** The filter that finds mail with the marker. */
export function markerFilter(answerId: string): string {
  return `singleValueExtendedProperties/any(ep: ep/id eq '${MARKER_PROPERTY}' and ep/value eq '${answerId}')`;
}
