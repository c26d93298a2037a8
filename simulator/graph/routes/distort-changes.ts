import type { FaultPlace, Faults } from '../../faults.ts';
import type { DeltaState } from '../delta-token.ts';
import type { Preferences } from '../parse-prefer.ts';
import type { ChangesPage, MessageChange } from '../read-message-changes.ts';

/**
 * Applies delta's known distortions to a page of changes when a fault asks for them
 * (learn.microsoft.com/graph/delta-query-messages): the newest change lags until the next round, moves and returns are
 * omitted, entries are repeated and reordered. `told` are the changes of the page that the client may see.
 */
export function distortChanges(
  faults: Faults,
  place: FaultPlace,
  prefer: Preferences,
  before: DeltaState,
  page: ChangesPage<MessageChange>,
  told: readonly MessageChange[],
): ChangesPage<MessageChange> {
  let changes = [...told];
  let state = page.state;
  if (!page.hasMore && before.walk === null && page.changes.length > 0 && faults.take('lagging-entries', place)) {
    const held = page.changes.at(-1);
    changes = changes.filter((change) => change !== held);
    state = { ...state, position: page.changes.at(-2)?.seq ?? before.position };
  }
  if (changes.length === 0) return { changes, state, hasMore: page.hasMore };
  const isHiddenMove = (change: MessageChange): boolean =>
    change.kind === 'present' && change.message.movedIn && change.message.enteredSeq > before.since;
  if (prefer.immutableIds && changes.some(isHiddenMove) && faults.take('hidden-moves', place)) {
    changes = changes.filter((change) => !isHiddenMove(change));
  }
  const isHiddenReturn = (change: MessageChange): boolean => change.kind === 'present' && change.hasReturned();
  if (prefer.immutableIds && faults.isOn('hidden-returns') && changes.some(isHiddenReturn)) {
    if (faults.take('hidden-returns', place)) changes = changes.filter((change) => !isHiddenReturn(change));
  }
  if (changes.length > 0 && faults.take('duplicate-entries', place)) {
    changes = changes.flatMap((change, index) => (index % 3 === 0 ? [change, change] : [change]));
    changes = [...changes, ...changes.slice(0, 1)];
  }
  if (changes.length > 1 && faults.take('shuffled-entries', place)) changes = shuffled(changes);
  return { changes, state, hasMore: page.hasMore };
}

/** Never the original order, and always the same one, so that test failures are reproducible. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const odd = items.filter((_, index) => index % 2 === 1);
  const even = items.filter((_, index) => index % 2 === 0);
  return [...odd.toReversed(), ...even];
}
