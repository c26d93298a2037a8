import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useCurrentMinute } from './current-second.ts';
import { formatMoment } from './moment.tsx';
import { largestUnit } from './time-units.ts';

/** An older mail is found by its date, in days. */
const DATED_AFTER_DAYS = 7;

/** How long ago something was, to the minute, with the moment in a tooltip. After a week, the date. */
export function Age({ time }: { readonly time: string }) {
  const { locale } = useWords();
  const { work } = useDeskWords();
  const minutes = Math.max(0, useCurrentMinute() - Math.floor(Date.parse(time) / 60_000));
  return (
    <time dateTime={time} title={formatMoment(time, locale)} style={{ whiteSpace: 'nowrap' }}>
      {formatAge(time, minutes, { locale, justNow: work.justNow })}
    </time>
  );
}

/** `minutes`: since that time. */
export function formatAge(
  time: string,
  minutes: number,
  { locale, justNow }: { readonly locale: string; readonly justNow: string },
): string {
  if (minutes >= DATED_AFTER_DAYS * 1_440) return new Date(time).toLocaleDateString(locale, { dateStyle: 'medium' });
  if (minutes < 1) return justNow;
  const [unit, size] = largestUnit(minutes * 60, 'minute');
  return new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(-Math.floor((minutes * 60) / size), unit);
}
