import type { paths } from '../api/schema.ts';

type Query = NonNullable<paths['/api/v1/search']['get']['parameters']['query']>;

const DAY_MS = 86_400_000;
/** How far back each choice of time reaches, in days. */
const reach = { day: 1, week: 7, month: 30, year: 365 } as const;
export type Reach = keyof typeof reach;
export const reaches = Object.keys(reach) as Reach[];

export const searchStates = ['waiting', 'claimed', 'parked', 'completed', 'unqueued'] as const;

/** A search as the page's address holds it. */
export interface PageSearch {
  readonly q: string;
  readonly queue: string | undefined;
  readonly state: (typeof searchStates)[number] | undefined;
  readonly time: Reach | undefined;
  readonly hasAttachments: boolean;
  readonly isOwn: boolean;
  readonly order: 'relevance' | 'newest';
}

/** The API's limit. */
export const LONGEST_QUESTION = 500;

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What the API takes of an address, which may have been written by hand. */
export function readSearch(params: URLSearchParams): PageSearch {
  const queue = params.get('queue') ?? '';
  return {
    q: (params.get('q') ?? '').replaceAll('\0', '').slice(0, LONGEST_QUESTION),
    queue: ID.test(queue) ? queue : undefined,
    state: searchStates.find((known) => known === params.get('state')),
    time: reaches.find((known) => known === params.get('time')),
    hasAttachments: params.has('attachments'),
    isOwn: params.has('own'),
    order: params.get('order') === 'newest' ? 'newest' : 'relevance',
  };
}

/** True for a search that asks for nothing yet. */
export function isEmptySearch({ q, queue, state, time, hasAttachments, isOwn }: PageSearch): boolean {
  return q.trim() === '' && !queue && !state && !time && !hasAttachments && !isOwn;
}

/** The search as the API takes it. `actor`: the user. */
export function searchQuery(search: PageSearch, actor: string | undefined, now: number): Query {
  const { q, queue, state, time, hasAttachments, isOwn, order } = search;
  return {
    q,
    order,
    ...(queue === undefined ? {} : { queue }),
    ...(state === undefined ? {} : { state }),
    ...(time === undefined ? {} : { receivedFrom: new Date(now - reach[time] * DAY_MS).toISOString() }),
    ...(hasAttachments ? { hasAttachments: 'true' as const } : {}),
    ...(isOwn && actor !== undefined ? { person: actor } : {}),
  };
}
