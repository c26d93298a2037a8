import { sql } from 'kysely';
import type { Database, Queryable } from '../database.ts';

/** What new people from the identity provider get. */
export interface NewPeople {
  readonly profile: 'Agent' | 'Supervisor';
  readonly allQueues: boolean;
}

export async function findNewPeople(db: Queryable): Promise<NewPeople> {
  return await db.selectFrom('provisioning').select(['profile', 'allQueues']).executeTakeFirstOrThrow();
}

export async function putNewPeople(db: Database, change: NewPeople): Promise<void> {
  await db.updateTable('provisioning').set(change).execute();
}

/** How many people come from the provider, and how many of them it has deactivated. */
export async function countProvided(db: Queryable): Promise<{ readonly people: number; readonly inactive: number }> {
  return await db
    .selectFrom('provisionedPeople')
    .select([
      sql<number>`count(*)::int`.as('people'),
      sql<number>`(count(*) filter (where not active))::int`.as('inactive'),
    ])
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
}
