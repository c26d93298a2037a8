import { useSyncExternalStore } from 'react';
import { useWords } from '../shell/languages.tsx';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for all that shows how long ago something was. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const notify of listeners) notify();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const currentSecond = () => Math.floor(Date.now() / 1_000);

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** How long ago it was, going on by itself; the exact time on pointing at it. */
export function Since({ time }: { readonly time: string | null }) {
  const { locale, common } = useWords();
  const now = useSyncExternalStore(subscribe, currentSecond);
  if (time === null) return common.never;
  const seconds = Math.max(0, now - Math.floor(Date.parse(time) / 1_000));
  const [unit, size] = units.find(([, unitSize]) => seconds >= unitSize) ?? (['second', 1] as const);
  const words = new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(-Math.floor(seconds / size), unit);
  return (
    <time dateTime={time} title={new Date(time).toLocaleString(locale)} style={{ fontVariantNumeric: 'tabular-nums' }}>
      {words}
    </time>
  );
}
