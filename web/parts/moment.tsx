import { useWords } from '../shell/languages.tsx';

/** A time of the calendar, in the reader's time zone. */
export function Moment({ time }: { readonly time: string }) {
  return <time dateTime={time}>{formatMoment(time, useWords().locale)}</time>;
}

/** With seconds: tells apart what happened in the same minute. */
export function formatExactly(time: string, locale: string): string {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Only the time of the day: of what is within the hour. */
export function formatTime(time: string, locale: string): string {
  return new Date(time).toLocaleTimeString(locale, { timeStyle: 'short' });
}

export function formatMoment(time: string, locale: string): string {
  return new Date(time).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
