/** Mail in Hebrew or Arabic has some dozen. */
const MOST_DIRECTIONS = 500;
/** What begins and ends embedded text of another direction, unlike marks that stand for a single letter. */
const directions = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * Text without changes of direction where there are more of them than people write: to lay out 200 kB of nothing else takes
 * a browser seconds, and a megabyte a minute.
 */
export function withFewDirections(text: string): string {
  return hasManyDirections(text) ? withoutDirections(text) : text;
}

export function hasManyDirections(text: string): boolean {
  return (text.match(directions)?.length ?? 0) > MOST_DIRECTIONS;
}

export function withoutDirections(text: string): string {
  return text.replace(directions, '');
}
