import { useCurrentSecond } from '../parts/current-second.ts';

/** Whole seconds until a moment; undefined without one. */
export function useSecondsUntil(moment: string | null): number | undefined {
  const now = useCurrentSecond();
  return moment === null ? undefined : Math.max(0, Math.ceil(Date.parse(moment) / 1_000) - now);
}
