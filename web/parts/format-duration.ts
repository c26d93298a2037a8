import { timeUnits } from './time-units.ts';

/** A duration in seconds by its two largest units, on one line: "2 hr 5 min". */
export function formatDuration(seconds: number, locale: string): string {
  let left = Math.max(0, Math.round(seconds));
  const largest = timeUnits.findIndex(([, size]) => left >= size);
  const from = largest === -1 ? timeUnits.length - 1 : largest;
  const parts: string[] = [];
  for (const [unit, size] of timeUnits.slice(from, from + 2)) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0 || parts.length === 0) {
      parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(n));
    }
  }
  return parts.join(' ').replace(/\s/g, '\u00a0');
}
