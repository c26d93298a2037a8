/** Units of time, the largest first, in seconds. */
export const timeUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The largest unit of which a duration has at least one, and its seconds; of shorter durations `smallest`. */
export function largestUnit(seconds: number, smallest: 'minute' | 'second'): (typeof timeUnits)[number] {
  const units = smallest === 'minute' ? timeUnits.slice(0, -1) : timeUnits;
  return units.find(([, size]) => seconds >= size) ?? (units.at(-1) as (typeof timeUnits)[number]);
}
