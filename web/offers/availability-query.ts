import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export type Availability = Schemas['Availability'];

export const AVAILABILITY = ['availability'] as const;

/** Whether the user is available, and what is offered to the user. */
export const availabilityQuery = queryOptions({
  queryKey: AVAILABILITY,
  queryFn: ({ signal }) => take(api.GET('/api/v1/me/availability', { signal })),
  refetchInterval: ({ state }) => (state.data?.isUsed ? askAgainEvery()() : false),
  // An offer has to be seen in a tab that is behind others.
  refetchIntervalInBackground: true,
});
