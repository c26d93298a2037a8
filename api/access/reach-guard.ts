import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/database.ts';
import { findAnswerPlace, findItemPlace } from '../../database/people/reach.ts';
import { isLimited, type Place, type Reach, reachesPlace } from '../../domain/reach.ts';
import { Problem } from '../http/problem.ts';
import { Id } from '../http/values.ts';
import type { Principal } from './principal.ts';
import { isForLimitedKeys, reachOfRoute } from './route-reach.ts';

/**
 * The id of nothing. A handler that gets it in the place of an id out of reach answers in the same words, and after the
 * same work, as for one that does not exist.
 */
export const NOWHERE = '00000000-0000-0000-0000-000000000000';

/** Hides what the principal does not reach from the route's handler. Runs before the body is read. */
export async function hideOutOfReach(db: Database, request: FastifyRequest, principal: Principal): Promise<void> {
  const { url = '' } = request.routeOptions;
  const route = reachOfRoute(url);
  const { reach, kind } = principal;
  if (!isLimited(reach)) return;
  const isWithoutObject = route === 'filtered' || route === 'set-up';
  const isForKeys = route !== 'set-up' && (route !== 'filtered' || isForLimitedKeys(url, request.method));
  if (route === undefined || route === 'all-mail' || (kind === 'key' && !isForKeys)) {
    throw new Problem(
      'key-out-of-reach',
      kind === 'key'
        ? 'This route is not for keys that reach only some queues or accounts.'
        : 'This is not for people who see only the queues of their teams.',
    );
  }
  if (isWithoutObject) return;
  const params = request.params as { id?: unknown };
  const id = Id.safeParse(params.id).data;
  // Refused by the route's own schema.
  if (id === undefined) return;
  if (!(await isInReach(db, route, id.toLowerCase(), principal))) params.id = NOWHERE;
}

/** Hides a queue out of reach that an item is to be moved to. Runs after the body was validated. */
export function hideQueueOfMove({ body }: FastifyRequest, { reach }: Principal): void {
  const action = isObject(body) && isObject(body.action) ? body.action : body;
  if (!isObject(action) || typeof action.queueId !== 'string') return;
  if (!reachesQueueOnly(reach, action.queueId.toLowerCase())) action.queueId = NOWHERE;
}

async function isInReach(db: Database, route: string, id: string, { reach, kind }: Principal): Promise<boolean> {
  const { queueIds, accountIds } = reach;
  const holds = (place: Place | undefined) => place !== undefined && reachesPlace(reach, place);
  switch (route) {
    // A queue has mail of every account.
    case 'queue':
      return accountIds === undefined && reachesQueueOnly(reach, id);
    case 'item':
      return holds(await findItemPlace(db, id));
    case 'answer':
      return holds(await findAnswerPlace(db, id));
    // An account has mail of every queue. What people learn of it, their permissions decide.
    default:
      return kind === 'user' || (queueIds === undefined && accountIds?.includes(id) === true);
  }
}

function reachesQueueOnly({ queueIds }: Reach, id: string): boolean {
  return queueIds === undefined || queueIds.includes(id);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
