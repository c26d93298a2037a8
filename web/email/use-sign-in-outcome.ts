import { useQuery } from '@tanstack/react-query';
import { api, take } from '../api/client.ts';
import { type Trace, traceOf } from '../parts/trace-line.tsx';

/** Interval between checks of the sign-in, in milliseconds. */
const POLL_EVERY_MS = 1_000;

export type SignInOutcome =
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'connected' }
  | {
      readonly outcome: 'refused';
      readonly reason: string | undefined;
      /** Null when the sign-in did not take place. */
      readonly signedInAs: string | null;
      /** The account that already reads the mailbox. */
      readonly connectedAs: string | null;
      readonly words: string;
      readonly trace: Trace;
    };

/** Follows one sign-in attempt through the account's events after `since`, the newest id before it. */
export function useSignInOutcome(accountId: string, since: number): SignInOutcome {
  const { data } = useQuery({
    queryKey: ['sign-in-outcome', accountId, since],
    queryFn: ({ signal }) => readEvents(accountId, signal),
    refetchInterval: POLL_EVERY_MS,
    refetchIntervalInBackground: true,
    staleTime: 0,
    gcTime: 0,
  });
  const event = data?.find(({ id, name }) => id > since && outcomes.has(name));
  if (!event) return { outcome: 'waiting' };
  if (event.name === 'account.authenticated') return { outcome: 'connected' };
  const { signedInAs, connectedAs, words } = event;
  const { reason } = event.details;
  return {
    outcome: 'refused',
    reason: typeof reason === 'string' ? reason : undefined,
    signedInAs,
    connectedAs,
    words,
    trace: traceOf(event.details),
  };
}

const outcomes = new Set(['account.authenticated', 'account.sign-in-refused']);

/** The id of the newest event of an account; 0 before the first. */
export async function newestEventId(accountId: string): Promise<number> {
  return (await readEvents(accountId)).at(0)?.id ?? 0;
}

async function readEvents(id: string, signal: AbortSignal | null = null) {
  const params = { path: { id }, query: { limit: 20 } };
  return (await take(api.GET('/api/v1/email/accounts/{id}/events', { signal, params }))).events;
}
