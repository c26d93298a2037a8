import type { Schemas } from '../api/client.ts';
import { ServerWords } from '../parts/server-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useLanguage, useWords } from '../shell/languages.tsx';
import { standingOf, throttledUntil } from './account-standing.ts';

type Account = Schemas['Account'];

/** How the account is, in a word; what hinders it at the moment on pointing at it. */
export function AccountStatus({ account }: { readonly account: Account }) {
  const { serverWords } = useLanguage();
  const { tone, word, about } = standingOf(account, useWords());
  const label = <StatusLabel tone={tone}>{word}</StatusLabel>;
  const { condition } = account;
  if (about !== 'condition' || condition === null) return label;
  const { reason, type, words } = condition;
  return <span title={serverWords?.reasons[reason ?? ''] ?? serverWords?.types[type] ?? words}>{label}</span>;
}

/** What hinders the account at the moment, in sentences. */
export function ConditionWords({ account }: { readonly account: Account }) {
  const { accounts, locale } = useWords();
  const { condition } = account;
  if (condition === null) return null;
  const until = throttledUntil(account, locale);
  if (until === undefined) {
    return <ServerWords reason={condition.reason ?? condition.type}>{condition.words}</ServerWords>;
  }
  return condition.reason === 'budget-used-up' ? accounts.usedUpWhat(until) : accounts.throttledWhat(until);
}

/** True when somebody has to sign in before mail flows. */
export function needsSignIn({ state, removing }: Account): boolean {
  return !removing && (state === 'awaiting-sign-in' || state === 'sign-in-expired' || state === 'sign-in-needed');
}
