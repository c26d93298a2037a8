import { Text } from '@mantine/core';
import type { Schemas } from '../api/client.ts';
import { serverClock } from '../api/server-clock.ts';
import { useCurrentMinute } from '../parts/current-second.ts';
import { formatMoment } from '../parts/moment.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { largestUnit } from '../parts/time-units.ts';
import { useDeskWords, useWords } from '../shell/languages.tsx';

/** From here on an item is marked as due soon. */
const SOON_MINUTES = 60;

/** When an item is due by its queue's target, seen at once when that is soon or over. Nothing without a target. */
export function DueMark({ item: { dueAt } }: { readonly item: Pick<Schemas['Item'], 'dueAt'> }) {
  const { locale } = useWords();
  const { board: words } = useDeskWords();
  const now = useCurrentMinute();
  if (dueAt === null) return null;
  const minutes = Math.floor(Date.parse(dueAt) / 60_000) - now;
  const [unit, size] = largestUnit(Math.abs(minutes) * 60, 'minute');
  const when = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }).format(
    Math.trunc((minutes * 60) / size),
    unit,
  );
  const isOver = Date.parse(dueAt) < serverClock.now();
  return (
    <Text span size="xs" title={formatMoment(dueAt, locale)}>
      {minutes > SOON_MINUTES ? (
        <Text span inherit c="dimmed">
          {words.due(when)}
        </Text>
      ) : (
        <StatusLabel tone={isOver ? 'bad' : 'warn'}>{isOver ? words.wasDue(when) : words.due(when)}</StatusLabel>
      )}
    </Text>
  );
}
