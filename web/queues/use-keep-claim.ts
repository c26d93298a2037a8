import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type Schemas, take } from '../api/client.ts';
import { serverClock } from '../api/server-clock.ts';
import { msSinceInput } from '../api/unattended.ts';
import { useOwnActor } from './item-lease.tsx';

/** A claim with less time than this is extended, in milliseconds: of five minutes, after the first half. */
const EXTEND_BELOW_MS = 150_000;
/** What counts as being there, in milliseconds since the last sign of it. */
const ACTIVE_FOR_MS = 120_000;
const CHECK_EVERY_MS = 10_000;

/**
 * Extends the user's own claim while the person is active on the page. Who goes away loses it after at most seven
 * minutes, with the notice of `LeaseNotice` before that. A failed extension is tried again ten seconds later.
 */
export function useKeepClaim(item: Schemas['ItemWithMessage']): void {
  const own = useOwnActor();
  const queryClient = useQueryClient();
  const { id, state, claim } = item;
  const until = state === 'claimed' && claim?.by === own ? (claim?.leaseExpiresAt ?? undefined) : undefined;

  useEffect(() => {
    if (until === undefined) return;
    const extend = async () => {
      const left = Date.parse(until) - serverClock.now();
      if (left <= 0 || left > EXTEND_BELOW_MS || msSinceInput() > ACTIVE_FOR_MS) return;
      const params = { path: { id } };
      const claimed = await take(api.POST('/api/v1/items/{id}/claim', { params })).catch(() => undefined);
      if (claimed) queryClient.setQueryData(['item', id], claimed);
      else void queryClient.invalidateQueries({ queryKey: ['item', id] });
    };
    const timer = setInterval(() => void extend(), CHECK_EVERY_MS);
    return () => clearInterval(timer);
  }, [id, until, queryClient]);
}
