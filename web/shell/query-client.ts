import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error.ts';
import { doubtChanges } from './live-changes.ts';
import { ME } from './session.ts';

/** What the API refused for a reason of ours will be refused again; what it could not answer is asked twice more. */
function isWorthAnotherTry(failures: number, error: Error): boolean {
  if (failures >= 2 || !(error instanceof ProblemError)) return false;
  const { status, kind } = error.details;
  // Who waited for the whole deadline is told at once.
  return kind !== 'no-answer' && (status === 0 || status >= 500);
}

/** Forgets who is signed in as soon as the API does: the pages then ask to sign in, at the address where they are. */
function notice(error: Error): void {
  if (!(error instanceof ProblemError)) return;
  if (error.details.status === 401) queryClient.setQueryData(ME, null);
  // A server that stands still keeps its connections: the stream of changes would be taken for a quiet one.
  if (error.details.kind === 'no-answer') doubtChanges();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: { queries: { retry: isWorthAnotherTry, retryDelay: 1_000, staleTime: 2_000 } },
});
