import type { Queryable } from '../database.ts';
import { entryColumns } from './entry-columns.ts';
import { contentColumns } from './seal-entries.ts';

/** An entry with its place in the chain. */
export type SealedEntry = Awaited<ReturnType<typeof readSealedEntries>>[number];

/** The next entries of the chain behind a number. `content` is the text that was hashed. */
export async function readSealedEntries(db: Queryable, beyond: number, limit: number) {
  return await db
    .selectFrom('auditSeals')
    .innerJoin('auditEntries', 'auditEntries.id', 'auditSeals.entryId')
    .where('auditSeals.number', '>', beyond)
    .select(['auditSeals.number', 'auditSeals.hash', 'auditEntries.id', ...entryColumns, contentColumns.as('content')])
    .orderBy('auditSeals.number')
    .limit(limit)
    .execute();
}
