import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '../api/problem-error.ts';
import { ME } from './session.ts';

/** What the API refused for a reason of ours will be refused again; what did not answer is asked twice more. */
function isWorthAnotherTry(failures: number, error: Error): boolean {
  return failures < 2 && error instanceof ProblemError && (error.details.status === 0 || error.details.status >= 500);
}

/** Forgets who is signed in as soon as the API does: the pages then ask to sign in, at the address where they are. */
function noticeEndOfSession(error: Error): void {
  if (error instanceof ProblemError && error.details.status === 401) queryClient.setQueryData(ME, null);
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndOfSession }),
  mutationCache: new MutationCache({ onError: noticeEndOfSession }),
  defaultOptions: { queries: { retry: isWorthAnotherTry, retryDelay: 1_000, staleTime: 2_000 } },
});
