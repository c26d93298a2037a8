import { sql } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { MessagePreview, QuarantineState } from '../schema.ts';

/** A message that could not be captured, as people see it. */
export interface QuarantineEntry {
  readonly id: string;
  readonly reason: string;
  readonly code: string | null;
  readonly folder: string;
  readonly attempts: number;
  /** What could be read of it; null: nothing. */
  readonly preview: MessagePreview | null;
  /** As a comparison found it in the mailbox; null: none did. */
  readonly receivedAt: Date | null;
  readonly state: QuarantineState;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** When it is tried again by itself; null: only when a person asks for it. */
  readonly retryAt: Date | null;
}

const columns = [
  'id',
  'reason',
  'code',
  'folder',
  'attempts',
  'preview',
  'state',
  'firstAt',
  'lastAt',
  'retryAt',
] as const;

/** Where nothing of a message could be read, a comparison may have found it: that knows when it was received. */
const receivedAt = sql<Date | null>`(
  select received_at from differences
  where differences.account_id = quarantine.account_id and differences.graph_id = quarantine.graph_id
)`.as('receivedAt');

/** What waits in quarantine, newest first; with `resolved` also what was captured after all. */
export async function listQuarantine(
  db: Queryable,
  accountId: string,
  { resolved, limit }: { readonly resolved: boolean; readonly limit: number },
): Promise<readonly QuarantineEntry[]> {
  return await db
    .selectFrom('quarantine')
    .select(columns)
    .select(receivedAt)
    .where('accountId', '=', accountId)
    .$if(!resolved, (query) => query.where('state', '<>', 'resolved'))
    .orderBy('lastAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Marks a message to be tried again with the next drain. Undefined when there is none; `resolved` stays as it is. */
export async function retryQuarantined(
  db: Database,
  actor: string,
  accountId: string,
  id: string,
): Promise<QuarantineEntry | undefined> {
  return await db.transaction().execute(async (trx) => {
    const entry = await trx
      .selectFrom('quarantine')
      .select(columns)
      .select(receivedAt)
      .where('id', '=', id)
      .where('accountId', '=', accountId)
      .forUpdate()
      .executeTakeFirst();
    if (entry?.state !== 'parked') return entry;
    await trx.updateTable('quarantine').set({ state: 'retrying', lastAt: sql`now()` }).where('id', '=', id).execute();
    await recordEvent(trx, { actor, name: 'account.quarantine-retried', accountId, targetId: id });
    return { ...entry, state: 'retrying' };
  });
}
