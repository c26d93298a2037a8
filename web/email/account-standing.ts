import type { Schemas } from '../api/client.ts';
import { largestUnit } from '../parts/time-units.ts';
import type { Tone } from '../parts/tone.ts';
import type { Words } from '../words/en.ts';

type Account = Schemas['Account'];

/** The account's state in one word. */
export interface Standing {
  readonly tone: Tone;
  readonly word: string;
  /** Since when; null when the word includes it, or it is unknown. */
  readonly since: string | null;
  /** The explanation to show with it. */
  readonly about?: 'condition' | 'late' | 'catching-up' | 'paused' | 'sign-in' | undefined;
}

const tones: Readonly<Record<Account['state'], Tone>> = {
  authenticated: 'good',
  paused: 'idle',
  'awaiting-sign-in': 'warn',
  'sign-in-expired': 'bad',
  'sign-in-needed': 'bad',
  removed: 'idle',
  unknown: 'warn',
};

const aboutState: Readonly<Partial<Record<Account['state'], Standing['about']>>> = {
  paused: 'paused',
  'sign-in-needed': 'sign-in',
};

/** Types and reasons of conditions that only a person can end. */
const forPeople = new Set(['SettingsRejected', 'MailboxGone', 'CredentialRejected', 'key-missing', 'folder-gone']);

/** The account's current state, by urgency; `words` are those of the reader's language. */
export function standingOf(
  account: Account,
  { accounts: words, locale }: Pick<Words, 'accounts' | 'locale'>,
): Standing {
  const { state, condition, removing, reading, lateForSeconds } = account;
  if (removing) return { tone: 'idle', word: words.removing, since: null };
  if (state !== 'authenticated') {
    const since = account.pausedAt ?? account.signIn.since;
    return { tone: tones[state], word: words.states[state], since, about: aboutState[state] };
  }
  if (reading === 'late') {
    return { tone: 'warn', word: words.late(lateFor(lateForSeconds, locale)), since: null, about: 'late' };
  }
  if (condition !== null) {
    const { type, reason, since } = condition;
    const until = throttledUntil(account, locale);
    const known = words.conditions[reason ?? ''] ?? words.conditions[type] ?? words.hindered;
    const tone = forPeople.has(type) || forPeople.has(reason ?? '') ? 'bad' : 'warn';
    return { tone, word: until === undefined ? known : words.throttled(until), since, about: 'condition' };
  }
  if (reading === 'catching-up') {
    return { tone: 'busy', word: words.catchingUp, since: null, about: 'catching-up' };
  }
  return { tone: tones[state], word: words.states[state], since: account.signIn.since };
}

/** The time of day until which Microsoft asked us to wait; undefined when it did not. */
export function throttledUntil({ state, condition }: Account, locale: string): string | undefined {
  if (state !== 'authenticated' || condition?.type !== 'Throttled' || condition.until === null) return undefined;
  return new Date(condition.until).toLocaleTimeString(locale, { timeStyle: 'medium' });
}

/** How late, by the API's clock: "3 minutes". */
export function lateFor(seconds: number | null, locale: string): string {
  const [unit, size] = largestUnit(seconds ?? 0, 'minute');
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor((seconds ?? 0) / size),
  );
}
