import { showsNothing } from '../../domain/words/invisible-text.ts';

/** The subject, or the words for a mail without one: characters of no width alone are none, and would be no link. */
export function shownSubject(subject: string, none: string): string {
  return showsNothing(subject) ? none : subject;
}
