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

/** The filter that finds mail with the marker. */
export function markerFilter(answerId: string): string {
  return `singleValueExtendedProperties/any(ep: ep/id eq '${MARKER_PROPERTY}' and ep/value eq '${answerId}')`;
}
