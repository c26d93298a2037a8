import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useWords } from '../shell/languages.tsx';
import { useOwnActor } from './item-lease.tsx';

/** Waiting, claimed by whom, or completed. */
export function ItemState({ item: { state, claim } }: { readonly item: Pick<Schemas['Item'], 'state' | 'claim'> }) {
  const { queues: words } = useWords();
  const own = useOwnActor();
  if (state === 'claimed') {
    const holder = claim?.by === own ? words.you : (claim?.name ?? words.somebody);
    return <StatusLabel tone="warn">{words.claimedBy(holder)}</StatusLabel>;
  }
  return <StatusLabel tone={state === 'completed' ? 'good' : 'idle'}>{knownWord(words.states, state)}</StatusLabel>;
}
