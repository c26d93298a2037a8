import { findRouting } from '../../database/queues/routing-rules.ts';
import type { Routing } from '../../domain/routing.ts';
import { getAccountRef } from '../accounts/account-commands.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** The routing of an account. Throws a 404 when it does not exist or is removed. */
export async function getAccountRouting(
  dependencies: Pick<ApiDependencies, 'db'>,
  accountId: string,
): Promise<Routing> {
  const { id } = await getAccountRef(dependencies, accountId);
  return (await findRouting(dependencies.db, id)) as Routing;
}

/** Every queue that a routing names. */
export function queueIdsOf({ defaultQueueId, rules }: Pick<Routing, 'defaultQueueId' | 'rules'>): readonly string[] {
  return [...(defaultQueueId === undefined ? [] : [defaultQueueId]), ...rules.map(({ queueId }) => queueId)];
}
