import type { Schemas } from '../api/client.ts';
import { useLanguage, useSendingWords } from '../shell/languages.tsx';

interface ServerWordsProps {
  /** The API's English words. */
  readonly children: string;
  /**
   * The API's name for the reason, or the failure's type if it has none; the language's own words for it are shown if
   * there are any.
   */
  readonly reason?: string | null | undefined;
}

/** A sentence of the API in the reader's language; otherwise in English, marked as English for screen readers. */
export function ServerWords({ children, reason }: ServerWordsProps) {
  const { serverWords } = useLanguage();
  const key = reason ?? '';
  return serverWords?.reasons[key] ?? serverWords?.types[key] ?? <span lang="en">{children}</span>;
}

/** Why an answer is not sent, or may not be, in the reader's language. */
export function SendingWords({ children, reason }: ServerWordsProps) {
  return useSendingWords()?.[reason ?? ''] ?? <ServerWords>{children}</ServerWords>;
}

/**
 * How new mail is found, and why, in the reader's language; without the cause for a failure that the language has no
 * words for.
 */
export function useDeliveryWords({ reason, words, failure }: Schemas['Account']['delivery']): string {
  const { serverWords } = useLanguage();
  const why = serverWords?.delivery[reason];
  if (serverWords === undefined || why === undefined) return words;
  return `${why} ${serverWords.reasons[failure ?? ''] ?? ''}`.trim();
}

export function DeliveryWords({ delivery }: { readonly delivery: Schemas['Account']['delivery'] }) {
  const words = useDeliveryWords(delivery);
  return words === delivery.words ? <ServerWords>{words}</ServerWords> : words;
}

/** The outcome of a message that a reconciliation found missing. */
export function DifferenceWords({ difference }: { readonly difference: Schemas['Difference'] }) {
  const { serverWords } = useLanguage();
  const { outcome, itemId, words } = difference;
  const key = outcome === 'quarantined' && itemId !== null ? 'captured-later' : outcome;
  return serverWords?.differences[key] ?? <ServerWords>{words}</ServerWords>;
}
