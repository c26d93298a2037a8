import { sql } from 'kysely';
import { mayDo, securityProfiles } from '../../domain/security-profile.ts';
import { seesQueue } from '../people/reach.ts';

const profiles = securityProfiles.filter((profile) => mayDo(profile, 'items.work'));

/** True for a user (`users`) who may be offered items of a queue (`queues`). */
export const mayServe = sql<boolean>`(
  users.enabled and users.profile = any(${sql.lit(`{${profiles.join(',')}}`)}::text[])
  and queues.offers is not null and queues.removed_at is null and ${seesQueue(sql`queues.id`)}
)`;
