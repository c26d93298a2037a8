import type { Schemas } from '../api/client.ts';
import { StatusLabel } from '../parts/status-label.tsx';
import { useWords } from '../shell/languages.tsx';
import { useMe } from '../shell/session.ts';

/** Waiting, held by whom, or done. */
export function ItemState({ item: { state, claim } }: { readonly item: Pick<Schemas['Item'], 'state' | 'claim'> }) {
  const { queues: words } = useWords();
  const me = useMe().data;
  if (state === 'claimed') {
    const holder = claim?.by === `user:${me?.id}` ? words.you : (claim?.name ?? words.somebody);
    return <StatusLabel tone="warn">{words.claimedBy(holder)}</StatusLabel>;
  }
  return <StatusLabel tone={state === 'completed' ? 'good' : 'idle'}>{words.states[state]}</StatusLabel>;
}
