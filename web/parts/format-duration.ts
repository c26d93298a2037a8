const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A duration in seconds by its two largest units: "2 hr, 5 min". */
export function formatDuration(seconds: number, locale: string): string {
  let left = Math.max(0, Math.round(seconds));
  const largest = units.findIndex(([, size]) => left >= size);
  const from = largest === -1 ? units.length - 1 : largest;
  const parts: string[] = [];
  for (const [unit, size] of units.slice(from, from + 2)) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0 || parts.length === 0) {
      parts.push(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(n));
    }
  }
  return parts.join(' ');
}
