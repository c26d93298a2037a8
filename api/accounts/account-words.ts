import type { AccountView } from '../../database/accounts/account-reads.ts';
import { type AccountState, accountStateWords } from '../../domain/account-state.ts';
import { SIGN_IN_OFFERED_AFTER_MS } from '../../domain/schedule.ts';
import { storedFailureWords } from './failure-words.ts';
import { isGoneForGood, isLasting, lastingStep } from './lasting-steps.ts';

/** A failure that lasts longer counts as degraded, not as transient. */
const DEGRADED_AFTER_MS = 15 * 60_000;

/** States in which the last sign-in was, or may have been, refused. */
const afterRefusal: ReadonlySet<AccountState> = new Set(['awaiting-sign-in', 'sign-in-needed']);

/** The state in words, with the reason where a person has to act. */
export function stateWords(state: AccountState, signInReason: string | null): string {
  // Temporal's search attributes keep the word with which running workflows were recorded.
  const words = state === 'paused' ? 'Disabled' : accountStateWords[state];
  if (!afterRefusal.has(state) || signInReason === null) return words;
  return `${words}: ${lowerFirst(storedFailureWords('CredentialRejected', signInReason).cause)}`;
}

type Condition = Pick<
  AccountView,
  'access' | 'conditionType' | 'conditionReason' | 'conditionSince' | 'conditionUntil'
>;

/** The account's current condition in words; undefined when it has none. */
export function conditionWords(condition: Condition, now: Date): string | undefined {
  const { conditionType: type, conditionReason: reason, conditionSince: since, conditionUntil: until } = condition;
  if (type === null) return undefined;
  const { cause, nextStep: step } = storedFailureWords(type, reason);
  const nextStep = isLasting(since, now) ? lastingStep(type, reason, step) : step;
  if (type === 'Throttled' && until) {
    return reason === 'budget-used-up'
      ? `${cause} It continues at ${clock(until)}.`
      : `Microsoft asked Mailroom to wait until ${clock(until)}.`;
  }
  const degraded = type === 'Unavailable' && since !== null && now.getTime() - since.getTime() > DEGRADED_AFTER_MS;
  const isGone = type === 'MailboxGone' && isGoneForGood(since, now);
  if (isGone) return `${cause} ${nextStep} If the mailbox will not return, remove the account here.`;
  if (degraded) return `Degraded since ${clock(since)}: ${lowerFirst(cause)} ${nextStep}`;
  return signInMayHelp(condition, now) ? `${cause} ${nextStep} Signing in again may help.` : `${cause} ${nextStep}`;
}

/** True when Graph has refused access for so long that a new sign-in may help. */
export function signInMayHelp({ access, conditionType, conditionSince }: Condition, now: Date): boolean {
  if (access === 'application' || conditionType !== 'AccessRefused' || conditionSince === null) return false;
  return now.getTime() - conditionSince.getTime() >= SIGN_IN_OFFERED_AFTER_MS;
}

function clock(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Company names keep their capital. */
function lowerFirst(sentence: string): string {
  return /^(Microsoft|Mailroom|Temporal)\b/.test(sentence)
    ? sentence
    : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
