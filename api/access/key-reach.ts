import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { findAnswerPlace, findItemPlace, type ItemPlace } from '../../database/people/key-reach.ts';
import type { KeyLimits } from '../../domain/key-limits.ts';
import { Problem } from '../http/problem.ts';
import { Id } from '../http/values.ts';

/** What the `:id` of an address names, or that the route filters by the limits itself. */
type Reach = 'queue' | 'item' | 'answer' | 'account' | 'filtered';

/**
 * The routes for keys that reach only some queues or accounts; they get no others. Not among them: what shows mail of
 * other places (search, conversations, the board, changes), and what changes the place itself.
 */
const reachOfRoute: readonly (readonly [pattern: RegExp, reach: Reach])[] = [
  [/^\/me$/, 'filtered'],
  [/^\/queues$/, 'filtered'],
  [/^\/queues\/:id(\/(claim|items))?$/, 'queue'],
  [
    /^\/items\/:id(\/(html|claim|complete|release|park|unpark|undo|reopen|separate|move|tags|notes|presence|drafts|answers|special|web-link|message\.eml|attachments.*))?$/,
    'item',
  ],
  [/^\/drafts\/:id(\/.*)?$/, 'answer'],
  [/^\/answers\/:id(\/.*)?$/, 'answer'],
  [/^\/email\/accounts\/:id(\/.*)?$/, 'account'],
];

/** Refuses what a key's limits on queues and accounts exclude. Runs before the body is read. */
export async function refuseOutOfReach(db: Database, request: FastifyRequest, limits: KeyLimits): Promise<void> {
  const path = (request.routeOptions.url ?? '').replace(/^\/api\/v1/, '');
  const reach = reachOfRoute.find(([pattern]) => pattern.test(path))?.[1];
  if (reach === undefined || (reach === 'filtered' && request.method !== 'GET')) {
    throw outOfReach('This route is not for keys that reach only some queues or accounts.');
  }
  if (reach === 'filtered') return;
  const id = Id.safeParse((request.params as { readonly id?: unknown }).id).data;
  // Refused by the route's own schema.
  if (id === undefined) return;
  if (!(await isInReach(db, reach, id.toLowerCase(), limits))) {
    throw outOfReach('This is in none of the queues or accounts that the key reaches.');
  }
}

/** Refuses to move an item to a queue that the key does not reach. Runs after the body was validated. */
export function refuseMoveOutOfReach({ body }: FastifyRequest, { queueIds }: KeyLimits): void {
  if (queueIds === undefined || typeof body !== 'object' || body === null || !('queueId' in body)) return;
  if (typeof body.queueId !== 'string' || queueIds.includes(body.queueId.toLowerCase())) return;
  throw outOfReach('The key does not reach this queue.');
}

async function isInReach(
  db: Database,
  reach: Exclude<Reach, 'filtered'>,
  id: string,
  limits: KeyLimits,
): Promise<boolean> {
  const { queueIds, accountIds } = limits;
  switch (reach) {
    // A queue has mail of every account, and an account mail of every queue.
    case 'queue':
      return accountIds === undefined && queueIds?.includes(id) === true;
    case 'account':
      return queueIds === undefined && accountIds?.includes(id) === true;
    case 'item':
      return holds(await findItemPlace(db, id), limits);
    case 'answer':
      return holds(await findAnswerPlace(db, id), limits);
  }
}

/** False for what does not exist as well: a key learns nothing of what it does not reach. */
function holds(place: ItemPlace | undefined, { queueIds, accountIds }: KeyLimits): boolean {
  if (place === undefined) return false;
  const isOfQueue = queueIds === undefined || (place.queueId !== null && queueIds.includes(place.queueId));
  return isOfQueue && (accountIds === undefined || accountIds.includes(place.accountId));
}

function outOfReach(detail: string): Problem {
  return new Problem('key-out-of-reach', detail);
}
