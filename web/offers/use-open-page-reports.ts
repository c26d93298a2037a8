import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, take } from '../api/client.ts';
import { msSinceInput } from '../api/unattended.ts';
import { stayLiveWhileHidden } from '../shell/live-changes.ts';
import { AVAILABILITY } from './availability-query.ts';

/** Browsers let a hidden page do so once a minute; without a report for two and a half, the user counts as away. */
const REPORT_EVERY_MS = 30_000;

/** While the user is available: reports that a page is open, and keeps it informed although it is hidden. */
export function useOpenPageReports(isAvailable: boolean): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!isAvailable) return;
    const report = async () => {
      const idleSeconds = Math.min(Math.floor(msSinceInput() / 1_000), 86_400);
      const current = await take(api.POST('/api/v1/me/availability/reports', { body: { idleSeconds } })).catch(
        () => undefined,
      );
      if (current) queryClient.setQueryData(AVAILABILITY, current);
    };
    const timer = setInterval(() => void report(), REPORT_EVERY_MS);
    const endLive = stayLiveWhileHidden();
    void report();
    return () => {
      clearInterval(timer);
      endLive();
    };
  }, [isAvailable, queryClient]);
}
