import { drawFrom, type Faults } from '../faults.ts';
import type { Notification } from './notification.ts';

/** How faults change one notification. */
export interface Distortion {
  /** 0: it is lost. */
  readonly copies: number;
  readonly delayMs: number;
  readonly isShuffled: boolean;
}

const PLAIN: Distortion = { copies: 1, delayMs: 0, isShuffled: false };
/** Graph's own time limit for mail is three minutes (learn.microsoft.com/graph/change-notifications-overview). */
const LATEST_MS = 180_000;
/** Leaves time for later notifications to overtake. */
const SHUFFLED_WITHIN_MS = 250;

export function distortNotification(faults: Faults, notification: Notification): Distortion {
  const endpoint = notification.isLifecycle ? 'POST lifecycleNotificationUrl' : 'POST notificationUrl';
  const place = { endpoint, mailbox: notification.mailbox };
  if (faults.take('lost-notifications', place)) return { ...PLAIN, copies: 0 };
  const doubled = faults.take('duplicate-notifications', place);
  const late = faults.take('late-notifications', place);
  const shuffled = faults.take('shuffled-notifications', place);
  if (!doubled && !late && !shuffled) return PLAIN;
  const lateMs = late ? drawFrom(late) * (late.delayMs ?? LATEST_MS) : 0;
  const shuffledMs = shuffled ? drawFrom(shuffled) * (shuffled.delayMs ?? SHUFFLED_WITHIN_MS) : 0;
  return {
    copies: doubled ? 2 + Math.floor(drawFrom(doubled) * 3) : 1,
    delayMs: Math.round(lateMs + shuffledMs),
    isShuffled: shuffled !== undefined,
  };
}
