import { retryDelayMs } from '../activities/activity-failure.ts';
import type { EndedLook } from '../database/looks.ts';
import { LOOKS_APART_MS } from '../domain/schedule.ts';
import type { Look } from './look.ts';

export type LookEnd = Pick<EndedLook, 'outcome' | 'link' | 'notBeforeMs' | 'isChecked'>;

/** How a look is written down that found this; `pauseMs`: for how long its hindrance wants the mailbox left alone. */
export function endOf(seen: Look, pauseMs = 0): LookEnd {
  const found = {
    outcome: 'found',
    link: null,
    notBeforeMs: Math.max(LOOKS_APART_MS, pauseMs),
    isChecked: false,
  } as const;
  switch (seen.found) {
    case 'nothing':
      return { ...found, outcome: 'quiet', link: seen.link, isChecked: seen.isChecked };
    case 'mail':
      return { ...found, outcome: 'captured', notBeforeMs: 0 };
    case 'elsewhere':
      return { ...found, outcome: 'elsewhere' };
    case 'nobody':
      // When the settings are refused, it is decided with that when to look again.
      if (seen.failure.type === 'SettingsRejected') return found;
      return { ...found, notBeforeMs: Math.max(found.notBeforeMs, retryDelayMs(seen.failure) ?? 0) };
    case 'something':
    case 'silence':
    case 'refused':
    case 'slow':
    case 'error':
      return found;
  }
}
