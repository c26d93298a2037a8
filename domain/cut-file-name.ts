import { MOST_NAME_CHARACTERS } from './message-limits.ts';

/** Characters of the end that stay: the extension, whatever a sender puts before it. */
const END_CHARACTERS = 100;
const UNSEEN = /[.\s\p{Cc}\p{Cf}]/u;

/**
 * A file name of at most `MOST_NAME_CHARACTERS`. The middle is cut, so that a name of 5,000 characters still shows what
 * the file is, and is warned of where it can run. Windows drops dots and blanks at the end; so does this.
 */
export function cutFileName(name: string): string {
  if (name.length <= MOST_NAME_CHARACTERS) return name;
  let end = name.length;
  while (end > 0 && UNSEEN.test(name[end - 1] ?? '')) end -= 1;
  if (end <= MOST_NAME_CHARACTERS) return name.slice(0, end);
  const start = name.slice(0, MOST_NAME_CHARACTERS - END_CHARACTERS - 1);
  return `${start}…${name.slice(end - END_CHARACTERS, end)}`;
}
