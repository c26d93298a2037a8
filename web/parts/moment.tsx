import { useWords } from '../shell/languages.tsx';

/** A date and time in the user's time zone. */
export function Moment({ time }: { readonly time: string }) {
  return <time dateTime={time}>{formatMoment(time, useWords().locale)}</time>;
}

/** With seconds, to distinguish events of the same minute. */
export function formatExactly(time: string, locale: string): string {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Time of day only: for times within the hour. */
export function formatTime(time: string, locale: string): string {
  return new Date(time).toLocaleTimeString(locale, { timeStyle: 'short' });
}

export function formatMoment(time: string, locale: string): string {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
