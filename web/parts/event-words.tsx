import type { Schemas } from '../api/client.ts';
import { useEventWords, useLanguage } from '../shell/languages.tsx';
import { ServerWords } from './server-words.tsx';

/** An event of an account or item, in the reader's language. */
export function EventWords({
  event: { name, details, words },
}: {
  readonly event: Pick<Schemas['AccountEvent'], 'name' | 'details' | 'words'>;
}) {
  const { serverWords } = useLanguage();
  const sentence = useEventWords()?.[name];
  if (sentence === undefined) return <ServerWords>{words}</ServerWords>;
  if (typeof sentence === 'string') return sentence;
  return sentence(details, (reason) => serverWords?.reasons[reason] ?? '');
}
