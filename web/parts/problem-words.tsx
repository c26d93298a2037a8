import { ProblemError, type ValueDetails } from '../api/problem-error.ts';
import { useLanguage, useProblemWords } from '../shell/languages.tsx';
import { ServerWords } from './server-words.tsx';
import { withoutAdviceToClients } from './without-advice-to-clients.ts';

/**
 * Why a request was refused, in the reader's language, by the API's reason; in English if there are no words for it.
 */
export function ProblemWords({ error }: { readonly error: unknown }) {
  const { words, serverWords } = useLanguage();
  const wordsOf = useProblemWords();
  if (!(error instanceof ProblemError)) return words.common.unexpected;
  const { kind, reason = '', detail } = error.details;
  if (error.details.isOutcomeUnknown === true) return words.common.outcomeUnknown(error.details.afterSeconds);
  if (kind === 'no-answer') return words.common.noAnswer(error.details.afterSeconds ?? 0);
  if (kind === 'offline') return words.common.offline;
  if (kind === 'broken-off') return words.common.brokenOff;
  const known = wordsOf(reason);
  if (known !== undefined) {
    const outcome = serverWords?.outcomes[String(error.details.facts?.outcome)] ?? '';
    return `${typeof known === 'function' ? known(error.details) : known} ${outcome}`.trim();
  }
  if (detail !== undefined) return <ServerWords reason={reason}>{withoutAdviceToClients(detail)}</ServerWords>;
  return kind === 'unavailable' ? words.common.unavailable : words.common.unexpected;
}

/** What is wrong with a field's value, in the reader's language. */
export function ValueWords({ value }: { readonly value: ValueDetails }) {
  const { words, serverWords } = useLanguage();
  const { noAddress, missing } = words.fields;
  // In the form's own words, which report most of these first.
  const asFound = new Map([
    ['no-email-address', noAddress],
    ['missing', missing],
    ['empty', missing],
  ]).get(value.reason ?? '');
  if (asFound !== undefined) return asFound;
  const known = serverWords?.values[value.reason ?? ''];
  if (known !== undefined) return typeof known === 'function' ? known(value) : known;
  // The API's words continue the name of the field.
  return <ServerWords>{`${value.detail.charAt(0).toUpperCase()}${value.detail.slice(1)}.`}</ServerWords>;
}
