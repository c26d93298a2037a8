import type { Schemas } from '../api/client.ts';
import { knownWord } from '../parts/known-word.ts';
import { formatMoment } from '../parts/moment.tsx';
import { StatusLabel } from '../parts/status-label.tsx';
import { useDeskWords, useWords } from '../shell/languages.tsx';
import { useOwnActor } from './item-lease.tsx';

interface ItemStateProps {
  readonly item: Pick<Schemas['Item'], 'state' | 'claim' | 'parked' | 'assignee'>;
}

/** Waiting and for whom, claimed by whom, parked until when, or completed. */
export function ItemState({ item: { state, claim, parked, assignee } }: ItemStateProps) {
  const { queues: words, locale } = useWords();
  const { work } = useDeskWords();
  const own = useOwnActor();
  if (state === 'claimed') {
    const holder = claim?.by === own ? words.you : (claim?.name ?? words.somebody);
    return <StatusLabel tone="warn">{words.claimedBy(holder)}</StatusLabel>;
  }
  if (parked !== null) {
    const until = parked.until === null ? work.parkedCustomer : work.parkedUntil(formatMoment(parked.until, locale));
    return (
      <StatusLabel tone="idle">
        {`${words.states.parked} ${until}, ${work.parkedBy(parked.by === own ? words.you : (parked.name ?? words.somebody))}`}
      </StatusLabel>
    );
  }
  if (assignee !== null) {
    const who = assignee.by === own ? work.keptForYou : work.keptFor(assignee.name ?? words.somebody);
    return <StatusLabel tone="idle">{`${words.states.waiting}, ${who}`}</StatusLabel>;
  }
  return <StatusLabel tone={state === 'completed' ? 'good' : 'idle'}>{knownWord(words.states, state)}</StatusLabel>;
}
