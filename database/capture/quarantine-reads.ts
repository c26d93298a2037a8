import { sql } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { MessagePreview, QuarantineState } from '../schema.ts';

/** A message that could not be captured, as it is shown. */
export interface QuarantineEntry {
  readonly id: string;
  readonly reason: string;
  readonly code: string | null;
  readonly folder: string;
  readonly attempts: number;
  /** What could be read of the message; null: nothing. */
  readonly preview: MessagePreview | null;
  /** As a reconciliation found it in the mailbox; null: none did. */
  readonly receivedAt: Date | null;
  readonly state: QuarantineState;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** The next automatic retry; null: only on request. */
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

/** If nothing of a message could be read, a reconciliation may have recorded when it was received. */
const receivedAt = sql<Date | null>`(
  select received_at from differences
  where differences.account_id = quarantine.account_id and differences.graph_id = quarantine.graph_id
)`.as('receivedAt');

/** The messages in quarantine, newest first; with `resolved` also those captured since. */
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

/**
 * Marks a message for another try with the next drain. Undefined when it does not exist; a `resolved` one stays as it
 * is.
 */
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
