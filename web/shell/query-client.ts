import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error.ts';
import { doubtChanges } from './live-changes.ts';
import { ME } from './session.ts';

/** A refusal by the API is final; a failed request is repeated twice. */
function isWorthAnotherTry(failures: number, error: Error): boolean {
  if (failures >= 2 || !(error instanceof ProblemError)) return false;
  const { status, kind } = error.details;
  // A request that used up its deadline is not repeated: the user has waited long enough.
  return kind !== 'no-answer' && (status === 0 || status >= 500);
}

/**
 * Drops the signed-in user when the API reports that the session has ended: the pages then show the sign-in, at the
 * same address.
 */
export function noticeProblem(error: Error): void {
  if (!(error instanceof ProblemError)) return;
  if (error.details.status === 401) queryClient.setQueryData(ME, null);
  // A hanging server keeps its connections open: the stream would seem quiet.
  if (error.details.kind === 'no-answer') doubtChanges();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeProblem }),
  mutationCache: new MutationCache({ onError: noticeProblem }),
  // Always: a request without a network fails, and the page says so. It would be held back otherwise, and carried out when
  // the network is back, long after it was pressed.
  defaultOptions: {
    queries: {
      networkMode: 'always',
      refetchOnReconnect: true,
      retry: isWorthAnotherTry,
      retryDelay: 1_000,
      staleTime: 2_000,
    },
    mutations: { networkMode: 'always' },
  },
});
