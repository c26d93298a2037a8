import { useWords } from '../shell/languages.tsx';
import { useCurrentSecond } from './current-second.ts';
import { largestUnit } from './time-units.ts';

/** A relative time that stays current, with the exact time in a tooltip. */
export function Since({ time }: { readonly time: string | null }) {
  const { locale, common } = useWords();
  const now = useCurrentSecond();
  if (time === null) return common.never;
  const seconds = Math.max(0, now - Math.floor(Date.parse(time) / 1_000));
  const [unit, size] = largestUnit(seconds, 'second');
  const words = new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(-Math.floor(seconds / size), unit);
  return (
    <time
      dateTime={time}
      title={new Date(time).toLocaleString(locale)}
      style={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
    >
      {words}
    </time>
  );
}
