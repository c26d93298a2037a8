import type { Schemas } from '../api/client.ts';
import { serverClock } from '../api/server-clock.ts';
import { ServerWords } from '../parts/server-words.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { TraceLine } from '../parts/trace-line.tsx';
import { useLanguage, useWords } from '../shell/languages.tsx';
import { standingOf, throttledUntil } from './account-standing.ts';

type Account = Schemas['Account'];

/**
 * Mailbox moves take moments, seldom hours: before this the page does not advise to remove the account. The same value
 * as in the API.
 */
const GONE_FOR_GOOD_AFTER_MS = 6 * 3_600_000;

/** The account's state in a word; its condition in a tooltip. */
export function AccountStatus({ account }: { readonly account: Account }) {
  const condition = useConditionWords(account.condition);
  const { tone, word, about } = standingOf(account, useWords());
  const label = <StatusLabel tone={tone}>{word}</StatusLabel>;
  if (about !== 'condition') return label;
  return <span title={condition ?? account.condition?.words}>{label}</span>;
}

/** The account's condition in the reader's language; undefined where only the API has words for it. */
function useConditionWords(condition: Account['condition']): string | undefined {
  const { serverWords } = useLanguage();
  if (condition === null || serverWords === undefined) return undefined;
  const names = [condition.reason ?? '', condition.type];
  const known = condition.lasting ? [serverWords.lasting, serverWords.reasons] : [serverWords.reasons];
  const [reason, type] = names.map((name) => known.find((words) => words[name] !== undefined)?.[name]);
  const words = reason ?? type ?? serverWords.types[condition.type];
  const { type: kind, since } = condition;
  const goneForMs = kind === 'MailboxGone' && since !== null ? serverClock.now() - Date.parse(since) : 0;
  if (goneForMs < GONE_FOR_GOOD_AFTER_MS) return words;
  return `${words} ${serverWords.goneForGood}`;
}

/** The account's current condition, in sentences. */
export function ConditionWords({ account }: { readonly account: Account }) {
  const { accounts, locale } = useWords();
  const { serverWords } = useLanguage();
  const { condition } = account;
  const known = useConditionWords(condition);
  if (condition === null) return null;
  const until = throttledUntil(account, locale);
  if (until === undefined) {
    return (
      <>
        {known ?? <ServerWords>{condition.words}</ServerWords>}
        {/* The API's English words include this. */}
        {condition.signInMayHelp && serverWords !== undefined && ` ${accounts.signInMayHelp}`}
        <TraceLine trace={condition} />
      </>
    );
  }
  return condition.reason === 'budget-used-up' ? accounts.usedUpWhat(until) : accounts.throttledWhat(until);
}

/** True when mail needs a sign-in to flow, or probably does: Microsoft has refused access for long. */
export function needsSignIn({ state, removing, condition }: Account): boolean {
  if (removing) return false;
  if (state === 'authenticated') return condition?.signInMayHelp ?? false;
  return state === 'awaiting-sign-in' || state === 'sign-in-expired' || state === 'sign-in-needed';
}
