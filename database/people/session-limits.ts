import type { SessionLimits } from '../../domain/session-limits.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

export interface SavedSessionLimits extends SessionLimits {
  readonly version: number;
}

export async function findSessionLimits(db: Queryable): Promise<SavedSessionLimits> {
  return await db
    .selectFrom('sessionLimits')
    .select(['idleMinutes', 'absoluteMinutes', 'version'])
    .executeTakeFirstOrThrow();
}

/** Saves the limits. `other-version`: others were saved since that version was read. */
export async function saveSessionLimits(
  db: Database,
  actor: string,
  { idleMinutes, absoluteMinutes, version }: SavedSessionLimits,
): Promise<'saved' | 'other-version'> {
  return await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('sessionLimits')
      .select(['idleMinutes', 'absoluteMinutes', 'version'])
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (before.version !== version) return 'other-version';
    const after = { idleMinutes, absoluteMinutes };
    await trx
      .updateTable('sessionLimits')
      .set({ ...after, version: version + 1 })
      .execute();
    const details = {
      before: { idleMinutes: before.idleMinutes, absoluteMinutes: before.absoluteMinutes },
      after,
    };
    await recordEvent(trx, { actor, name: 'session-limits.changed', details });
    return 'saved';
  });
}
