import { sql } from 'kysely';
import type { Doing } from '../../domain/item-work.ts';
import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/** Pages report every 15 s; one report may get lost. */
const PRESENT_FOR_SECONDS = 40;
/** Longest that the row of a closed browser stays. */
const FORGOTTEN_AFTER_HOURS = 1;

export interface PresentPerson {
  readonly actor: string;
  readonly name: string | null;
  readonly doing: Doing;
}

/** Reports that the actor has the item's page open. False: there is no such item. */
export async function reportPresence(db: Queryable, itemId: string, actor: string, doing: Doing): Promise<boolean> {
  const { rows } = await sql<{ itemId: string }>`
    with item as (select id from items where id = ${itemId}), forgotten as (
      delete from item_presence where item_id = ${itemId}
        and seen_at < now() - ${FORGOTTEN_AFTER_HOURS} * interval '1 hour' and actor <> ${actor}
    )
    insert into item_presence (item_id, actor, doing) select id, ${actor}, ${doing} from item
    on conflict (item_id, actor) do update set doing = excluded.doing, seen_at = now()
    returning item_id
  `.execute(db);
  return rows.length > 0;
}

/** The actor has left the page. */
export async function endPresence(db: Queryable, itemId: string, actor: string): Promise<void> {
  await db.deleteFrom('itemPresence').where('itemId', '=', itemId).where('actor', '=', actor).execute();
}

/** Who else has the page open now. */
export async function listPresent(db: Queryable, itemId: string, actor: string): Promise<readonly PresentPerson[]> {
  return await db
    .selectFrom('itemPresence')
    .select(['actor', actorName('item_presence.actor').as('name'), 'doing'])
    .where('itemId', '=', itemId)
    .where('actor', '<>', actor)
    .where('seenAt', '>', sql<Date>`now() - ${PRESENT_FOR_SECONDS} * interval '1 second'`)
    .orderBy('actor')
    .execute();
}
