import type { Schemas } from '../api/client.ts';
import { useLanguage } from '../shell/languages.tsx';

interface ServerWordsProps {
  /** As the API says it, in English. */
  readonly children: string;
  /** The name that the API gives the reason, or the type of a failure without one; where the language has words for it, they are shown instead. */
  readonly reason?: string | null | undefined;
}

/** A sentence of the API in the reader's language; where there is none, in English, marked so that it is read out as such. */
export function ServerWords({ children, reason }: ServerWordsProps) {
  const { serverWords } = useLanguage();
  const key = reason ?? '';
  return serverWords?.reasons[key] ?? serverWords?.types[key] ?? <span lang="en">{children}</span>;
}

/** How new mail is found, and why so, in the reader's language; of a failure that it has no words for, without its cause. */
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

/** What became of a message that a comparison found missing. */
export function DifferenceWords({ difference }: { readonly difference: Schemas['Difference'] }) {
  const { serverWords } = useLanguage();
  const { outcome, itemId, words } = difference;
  const key = outcome === 'quarantined' && itemId !== null ? 'captured-later' : outcome;
  return serverWords?.differences[key] ?? <ServerWords>{words}</ServerWords>;
}

/** What happened to an account, in the reader's language. */
export function EventWords({ event: { name, details, words } }: { readonly event: Schemas['AccountEvent'] }) {
  const { serverWords } = useLanguage();
  const sentence = serverWords?.events[name];
  if (serverWords === undefined || sentence === undefined) return <ServerWords>{words}</ServerWords>;
  if (typeof sentence === 'string') return sentence;
  return sentence(details, (reason) => serverWords.reasons[reason] ?? '');
}
