import { sql } from 'kysely';
import { DRAFT_IS_MAIL_AFTER_MS } from '../../domain/schedule.ts';
import type { Queryable } from '../database.ts';

/** For queries of `inbox_drafts`: the draft has been in the inbox for so long that it is mail. */
export const isDraftMail = sql<boolean>`(
  inbox_drafts.first_at <= now() - ${DRAFT_IS_MAIL_AFTER_MS} * interval '1 millisecond')`;

/** Records when drafts were first seen in an inbox. */
export async function noteDrafts(db: Queryable, accountId: string, graphIds: readonly string[]): Promise<void> {
  if (graphIds.length === 0) return;
  await sql`
    insert into inbox_drafts (account_id, graph_id) select ${accountId}, unnest(${graphIds}::text[])
    on conflict do nothing
  `.execute(db);
}

/** Drafts that have been in the inbox for an hour, oldest first. */
export async function listDraftMail(db: Queryable, accountId: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('inboxDrafts')
    .select('graphId')
    .where('accountId', '=', accountId)
    .where(isDraftMail)
    .orderBy('firstAt')
    .limit(limit)
    .execute();
  return rows.map(({ graphId }) => graphId);
}

/** Deletes drafts that were captured or left the inbox. */
export async function forgetDrafts(db: Queryable, accountId: string, graphIds: readonly string[]): Promise<void> {
  await db
    .deleteFrom('inboxDrafts')
    .where('accountId', '=', accountId)
    .where('graphId', '=', sql<string>`any(${graphIds})`)
    .execute();
}
