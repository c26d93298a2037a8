import type { Query, QueryClient } from '@tanstack/react-query';
import { type Change, concerns } from './change-concerns.ts';

/** A burst of changes is re-read at its beginning, and then at most this often, in milliseconds. */
const READ_AGAIN_EVERY_MS = 1_000;

/** Invalidates the queries of changes: at once, then in batches. */
export function gatherChanges(queryClient: QueryClient): (changes: readonly Change[]) => void {
  let gathered: Change[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    const changes = gathered;
    timer = changes.length > 0 ? setTimeout(flush, READ_AGAIN_EVERY_MS) : undefined;
    const isConcerned = ({ queryKey }: Query) => changes.some((change) => concerns(change, queryKey));
    const paging = queryClient.getQueryCache().findAll({ predicate: isReadingOn });
    // Reading a list again would cancel the further page that a person asked for: it is read again after that.
    gathered = changes.filter((change) => paging.some(({ queryKey }) => concerns(change, queryKey)));
    void queryClient.invalidateQueries({ predicate: (query) => isConcerned(query) && !paging.includes(query) });
  }

  return (changes) => {
    gathered.push(...changes);
    if (timer === undefined) flush();
  };
}

function isReadingOn({ state }: Query): boolean {
  return state.fetchStatus === 'fetching' && state.fetchMeta?.fetchMore !== undefined;
}
