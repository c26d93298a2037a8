/** How long sessions last, in minutes: without use, and at most. */
export interface SessionLimits {
  readonly idleMinutes: number;
  readonly absoluteMinutes: number;
}

/** Last uses are noted once a minute; fewer than five would end sessions while a mail is read. */
export const LEAST_IDLE_MINUTES = 5;
export const LEAST_ABSOLUTE_MINUTES = 15;
/** 30 days: longer than that, a lost device stays signed in for too long. */
export const MOST_SESSION_MINUTES = 43_200;
