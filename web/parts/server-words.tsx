import type { Schemas } from '../api/client.ts';
import { useLanguage } from '../shell/languages.tsx';

interface ServerWordsProps {
  /** As the API says it, in English. */
  readonly children: string;
  /** The name that the API gives the reason; where the language has words for it, they are shown instead. */
  readonly reason?: string | null | undefined;
}

/** A sentence of the API in the reader's language; where there is none, in English, marked so that it is read out as such. */
export function ServerWords({ children, reason }: ServerWordsProps) {
  const { serverWords } = useLanguage();
  return serverWords?.reasons[reason ?? ''] ?? <span lang="en">{children}</span>;
}

/** What happened to an account, in the reader's language. */
export function EventWords({ event: { name, details, words } }: { readonly event: Schemas['AccountEvent'] }) {
  const { serverWords } = useLanguage();
  const sentence = serverWords?.events[name];
  if (serverWords === undefined || sentence === undefined) return <ServerWords>{words}</ServerWords>;
  if (typeof sentence === 'string') return sentence;
  return sentence(details, (reason) => serverWords.reasons[reason] ?? '');
}
