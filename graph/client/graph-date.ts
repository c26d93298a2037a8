const WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT[\d:.]+$/;

/**
 * A time of Graph, with up to seven digits of a second; without a zone it is UTC. Undefined for an absent one, which may
 * be spelt as .NET's smallest date, of the year 1; null for anything else.
 */
export function parseGraphDate(value: unknown): Date | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return null;
  const date = new Date(WITHOUT_ZONE.test(value) ? `${value}Z` : value);
  if (Number.isNaN(date.getTime())) return null;
  return date.getUTCFullYear() <= 1 ? undefined : date;
}
