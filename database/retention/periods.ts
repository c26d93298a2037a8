import { sql } from 'kysely';
import type { RetentionCounts, RetentionPeriods } from '../../domain/retention.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

export interface Retention {
  readonly periods: RetentionPeriods;
  readonly version: number;
  /** When the last sweep ended; null: there was none. */
  readonly sweptAt: Date | null;
  readonly swept: RetentionCounts | null;
}

/** How long things are kept, and what the last sweep deleted. */
export async function findRetention(db: Queryable): Promise<Retention> {
  const { contentDays, itemDays, eventDays, signInDays, quarantineDays, version, sweptAt, swept } = await db
    .selectFrom('retention')
    .selectAll()
    .executeTakeFirstOrThrow();
  const periods = {
    content: contentDays,
    items: itemDays,
    events: eventDays,
    signIns: signInDays,
    quarantine: quarantineDays,
  };
  return { periods, version, sweptAt, swept };
}

/** Saves the periods. `other-version`: others were saved since that version was read. */
export async function saveRetention(
  db: Database,
  actor: string,
  { periods, version }: { readonly periods: RetentionPeriods; readonly version: number },
): Promise<'saved' | 'other-version'> {
  return await db.transaction().execute(async (trx) => {
    await trx.selectFrom('retention').select('version').forUpdate().execute();
    const before = await findRetention(trx);
    if (before.version !== version) return 'other-version';
    const { content, items, events, signIns, quarantine } = periods;
    await trx
      .updateTable('retention')
      .set({
        contentDays: content,
        itemDays: items,
        eventDays: events,
        signInDays: signIns,
        quarantineDays: quarantine,
        version: version + 1,
      })
      .execute();
    await recordEvent(trx, { actor, name: 'retention.changed', details: { before: before.periods, after: periods } });
    return 'saved';
  });
}

/** Notes that a sweep ended, and what it deleted. */
export async function noteSwept(db: Queryable, swept: RetentionCounts): Promise<void> {
  await db
    .updateTable('retention')
    .set({ sweptAt: sql`now()`, swept: JSON.stringify(swept) })
    .execute();
}
