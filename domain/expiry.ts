/** Days before the end of a secret or key at which its administrators are warned. */
export const EXPIRY_WARNINGS_DAYS = [30, 14, 7, 1] as const;
/** From here on the state of Mailroom is impaired: a new secret takes days where several people have to act. */
export const EXPIRY_IMPAIRS_DAYS = 14;

const DAY_MS = 86_400_000;

/** Whole days until then, rounded up; 0 or less: it is over. */
export function daysUntil(end: Date, now: Date): number {
  return Math.ceil((end.getTime() - now.getTime()) / DAY_MS);
}
