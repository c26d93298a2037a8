import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { itemAnswersQuery } from '../answers/answers-query.ts';
import { api, take } from '../api/client.ts';
import { QUEUES } from './queues-query.ts';

/** Items that were claimed as the next after another one, by the id of that one. */
const claimedAfter = new Map<string, string>();

export function noteClaimedAfter(itemId: string, nextId: string): void {
  claimedAfter.set(itemId, nextId);
}

/**
 * Puts back what was claimed after an item whose completion is undone: it is the next again, and does not stay with a
 * person who has left it. Not where an answer was begun.
 */
export function useReleaseAfter(): (itemId: string) => Promise<void> {
  const queryClient = useQueryClient();
  return async (itemId) => {
    const id = claimedAfter.get(itemId);
    claimedAfter.delete(itemId);
    if (id === undefined || hasOwnDraft(queryClient, id)) return;
    // Completed, parked or moved since, it is refused, and stays as it is.
    await take(api.POST('/api/v1/items/{id}/release', { params: { path: { id } }, body: {} })).catch(() => undefined);
    void queryClient.invalidateQueries({ queryKey: ['item', id] });
    void queryClient.invalidateQueries({ queryKey: QUEUES });
  };
}

function hasOwnDraft(queryClient: QueryClient, itemId: string): boolean {
  const known = queryClient.getQueryData(itemAnswersQuery(itemId).queryKey);
  return known?.answers.some(({ state, by }) => state === 'draft' && by.isYou) === true;
}
