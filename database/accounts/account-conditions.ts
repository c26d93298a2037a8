import { sql } from 'kysely';
import type { FailureReason, FailureTrace, FailureType } from '../../domain/failure.ts';
import { TROUBLE_LASTS_AFTER_MS } from '../../domain/schedule.ts';
import type { Database, Queryable } from '../database.ts';
import { isRead } from '../ingest/watches.ts';
import { skewToDatabase } from './skew-to-database.ts';

/** What an account currently waits for, other than a person. */
export interface AccountCondition extends FailureTrace {
  readonly type: FailureType;
  readonly reason?: FailureReason | undefined;
  /** The earliest end, if known. */
  readonly until?: Date | undefined;
}

/** Sets the account's condition, if its mail is still to be read. `since` stays while the kind of condition stays. */
export async function setCondition(db: Queryable, accountId: string, condition: AccountCondition): Promise<void> {
  await db
    .updateTable('accounts')
    .set({
      conditionSince: sql`case when condition_type = ${condition.type} then condition_since else now() end`,
      conditionType: condition.type,
      conditionReason: condition.reason ?? null,
      conditionCode: condition.code ?? null,
      conditionStatus: condition.status ?? null,
      conditionRequestId: condition.requestId ?? null,
      conditionUntil: condition.until ?? null,
    })
    .where('id', '=', accountId)
    .where(isRead)
    .execute();
}

/** True when Microsoft has failed to answer for the account for so long that the failure is not transient any more. */
export async function hasTroubleLasted(db: Queryable, accountId: string): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .where('id', '=', accountId)
    .where('conditionType', '=', 'Unavailable')
    .where('conditionSince', '<', sql<Date>`now() - ${TROUBLE_LASTS_AFTER_MS} * interval '1 millisecond'`)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

export const noCondition = {
  conditionType: null,
  conditionReason: null,
  conditionCode: null,
  conditionStatus: null,
  conditionRequestId: null,
  conditionAttempts: 0,
  conditionSince: null,
  conditionUntil: null,
} as const;

/**
 * A drain succeeded: clears the account's condition. `clockSkewMs`: the mail server's clock minus this process's.
 * Returns the type of the cleared condition. Writes only what changes: most drains end where the one before did.
 */
export async function clearCondition(
  db: Database,
  accountId: string,
  { clockSkewMs }: { clockSkewMs: number | undefined },
): Promise<string | undefined> {
  const skew = (await skewToDatabase(db, clockSkewMs)) ?? null;
  const row = await db
    .updateTable('accounts')
    .set({ ...noCondition, clockSkewMs: sql`coalesce(${skew}, clock_skew_ms)` })
    .where('id', '=', accountId)
    .where(({ or, eb }) =>
      or([
        eb('conditionType', 'is not', null),
        sql<boolean>`abs(clock_skew_ms - ${skew}::integer) > ${SKEW_TOLERANCE_MS}`,
      ]),
    )
    .returning(sql<string | null>`old.condition_type`.as('before'))
    .executeTakeFirst();
  return row?.before ?? undefined;
}

/** Stores the mail server's clock minus this process's, as measured outside a drain. */
export async function noteClockSkew(db: Database, accountId: string, clockSkewMs: number | undefined): Promise<void> {
  const skew = await skewToDatabase(db, clockSkewMs);
  if (skew === undefined) return;
  await db
    .updateTable('accounts')
    .set({ clockSkewMs: skew })
    .where('id', '=', accountId)
    .where(sql<boolean>`abs(clock_skew_ms - ${skew}::integer) > ${SKEW_TOLERANCE_MS}`)
    .execute();
}

/** The mail server's time has a resolution of one second, so differences up to that mean nothing. */
const SKEW_TOLERANCE_MS = 1_000;

/**
 * Polls succeeded: clears the conditions of these accounts. Writes nothing for accounts without one. Returns the types
 * of the cleared conditions.
 */
export async function clearConditions(db: Queryable, accountIds: readonly string[]): Promise<readonly string[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .updateTable('accounts')
    .set(noCondition)
    .where('id', '=', sql<string>`any(${accountIds}::uuid[])`)
    .where('conditionType', 'is not', null)
    .returning(sql<string>`old.condition_type`.as('before'))
    .execute();
  return rows.map(({ before }) => before);
}
