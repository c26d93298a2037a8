import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import type { LastChange } from '../queues/routing-rules.ts';

/** Who last saved the global properties, and when; undefined before the first time. */
export async function findLastSettingsChange(db: Queryable): Promise<LastChange | undefined> {
  return await db
    .selectFrom('events')
    .select(['at', actorName('events.actor').as('by')])
    .where('name', '=', 'settings.changed')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
