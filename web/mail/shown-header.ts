const MOST_CHARACTERS = 60;
const BOUNDARY = /;\s*boundary=("[^"]*"|[^;\s]*)/i;

/** The value of a header as evidence: without the boundary of its parts, which says nothing, and cut where it goes on. */
export function shownHeader(value: string): string {
  const plain = value.replace(BOUNDARY, '');
  return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain;
}
