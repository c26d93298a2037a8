/** Mail in Hebrew or Arabic has some dozen. */
const MOST_DIRECTIONS = 500;
/** Characters that begin and end embedded text of another direction, unlike marks for a single letter. */
const directions = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * Removes changes of direction from a text with more of them than people write: a browser needs seconds to lay out 200
 * kB of them, and a minute for a megabyte.
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
