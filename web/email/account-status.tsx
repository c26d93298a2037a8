import type { Schemas } from '../api/client.ts';
import type { Tone } from '../parts/notice.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useLanguage, useWords } from '../shell/languages.tsx';

type Account = Schemas['Account'];

const tones: Readonly<Record<Account['state'], Tone>> = {
  authenticated: 'good',
  paused: 'idle',
  'awaiting-sign-in': 'warn',
  'sign-in-expired': 'bad',
  'sign-in-needed': 'bad',
  removed: 'idle',
};

/** The state in a word, and what hinders the account at the moment. */
export function AccountStatus({ account }: { readonly account: Account }) {
  const { serverWords } = useLanguage();
  const { accounts, locale } = useWords();
  const { state, condition, removing } = account;
  if (removing) return <StatusLabel tone="idle">{accounts.removing}</StatusLabel>;
  const until = throttledUntil(account, locale);
  if (until !== undefined) return <StatusLabel tone="warn">{accounts.throttled(until)}</StatusLabel>;
  if (state !== 'authenticated' || condition === null) {
    return <StatusLabel tone={tones[state]}>{accounts.states[state]}</StatusLabel>;
  }
  return (
    <span title={serverWords?.reasons[condition.reason ?? ''] ?? condition.words}>
      <StatusLabel tone="warn">{accounts.conditions[condition.reason ?? ''] ?? accounts.states[state]}</StatusLabel>
    </span>
  );
}

/** What hinders the account at the moment, in sentences. */
export function ConditionWords({ account }: { readonly account: Account }) {
  const { accounts, locale } = useWords();
  const { condition } = account;
  if (condition === null) return null;
  const until = throttledUntil(account, locale);
  if (until === undefined) return <ServerWords reason={condition.reason}>{condition.words}</ServerWords>;
  return condition.reason === 'budget-used-up' ? accounts.usedUpWhat(until) : accounts.throttledWhat(until);
}

/** The time of day until which Microsoft wants no requests; undefined where it asked for no such thing. */
export function throttledUntil({ state, condition }: Account, locale: string): string | undefined {
  if (state !== 'authenticated' || condition?.type !== 'Throttled' || condition.until === null) return undefined;
  return new Date(condition.until).toLocaleTimeString(locale, { timeStyle: 'medium' });
}

/** True when somebody has to sign in before mail flows. */
export function needsSignIn({ state, removing }: Account): boolean {
  return !removing && (state === 'awaiting-sign-in' || state === 'sign-in-expired' || state === 'sign-in-needed');
}
