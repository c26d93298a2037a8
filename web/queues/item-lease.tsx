import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Schemas } from '../api/client.ts';
import { useCurrentSecond } from '../parts/current-second.ts';
import { formatMoment, formatTime } from '../parts/moment.tsx';
import { Notice } from '../parts/notice.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useMe } from '../shell/session.ts';

type ItemWithMessage = Schemas['ItemWithMessage'];

/** Enough to finish a sentence and to extend the reservation, in seconds. */
const WARN_BEFORE_SECONDS = 60;

/** Seconds until a claim expires; undefined for an unclaimed item. At expiry the item is read again. */
function useSecondsLeft({ id, state, claim }: ItemWithMessage): number | undefined {
  const queryClient = useQueryClient();
  const now = useCurrentSecond();
  const until = state === 'claimed' ? (claim?.leaseExpiresAt ?? undefined) : undefined;
  const left = until === undefined ? undefined : Math.max(0, Math.ceil(Date.parse(until) / 1_000) - now);
  const isOver = left === 0;
  useEffect(() => {
    if (isOver) void queryClient.invalidateQueries({ queryKey: ['item', id] });
  }, [isOver, id, queryClient]);
  return left;
}

/** The user's actor id, as in claims. */
export function useOwnActor(): string | undefined {
  const me = useMe().data;
  return me ? `user:${me.id}` : undefined;
}

/** Until when an item is reserved, and the remaining time. */
export function Lease({ item }: { readonly item: ItemWithMessage }) {
  const { item: words } = useDeskWords();
  const { locale } = useWords();
  const left = useSecondsLeft(item);
  const until = item.claim?.leaseExpiresAt;
  if (left === undefined || !until) return null;
  return `, ${words.until(formatTime(until, locale))} (${words.left(Math.floor(left / 60))})`;
}

/**
 * Warns the holder before a reservation ends, and reports afterwards how it ended; a polite announcement for screen
 * readers.
 */
export function LeaseNotice({ item }: { readonly item: ItemWithMessage }) {
  const { item: words } = useDeskWords();
  const { locale } = useWords();
  const own = useOwnActor();
  const left = useSecondsLeft(item);
  const isEnding = left !== undefined && left <= WARN_BEFORE_SECONDS && item.claim?.by === own;
  const lost = item.lostClaim?.claimedBy === own ? item.lostClaim : null;
  return (
    <div aria-live="polite" className="lease-notice">
      {isEnding && <Notice tone="warn">{words.endsSoon}</Notice>}
      {lost && (
        <Notice tone="warn">
          {lost.how === 'expired'
            ? words.expired(formatMoment(lost.endedAt, locale))
            : words.takenBack(lost.endedByName, formatMoment(lost.endedAt, locale))}
        </Notice>
      )}
    </div>
  );
}
