import { type ExpressionBuilder, sql } from 'kysely';
import { type AuditKind, type AuditOutcome, auditActs } from '../../domain/audit-act.ts';
import type { Queryable } from '../database.ts';
import type { AuditChange, Schema } from '../schema.ts';
import { entryColumns } from './entry-columns.ts';

export interface AuditFilter {
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** `user:<id>` and the like, or the name of the person or key. */
  readonly actor?: string | undefined;
  readonly kind?: AuditKind | undefined;
  readonly act?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** Its id, or its name at that time. */
  readonly object?: string | undefined;
  readonly address?: string | undefined;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly act: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly actor: string;
  readonly actorName: string | null;
  readonly profile: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  readonly requestId: string | null;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  readonly objectName: string | null;
  readonly changes: readonly AuditChange[] | null;
  /** Its place in the chain, and the hash there; null: not sealed yet. */
  readonly number: number | null;
  readonly hash: Buffer | null;
}

interface EntriesPage {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Beyond the entry with this id. */
  readonly beyond?: number | undefined;
}

/** Entries in the order of their ids. */
export async function readAuditEntries(
  db: Queryable,
  filter: AuditFilter,
  { limit, order, beyond }: EntriesPage,
): Promise<readonly AuditEntry[]> {
  return await db
    .selectFrom('auditEntries')
    .leftJoin('auditSeals', 'auditSeals.entryId', 'auditEntries.id')
    .where((eb) => matches(eb, filter))
    .$if(beyond !== undefined, (query) =>
      query.where('id', order === 'asc' ? '>' : '<', sql<number>`${beyond}::bigint`),
    )
    .select(['id', ...entryColumns, 'changes', 'auditSeals.number', 'auditSeals.hash'])
    .orderBy('id', order)
    .limit(limit)
    .execute();
}

function matches(eb: ExpressionBuilder<Schema, 'auditEntries'>, filter: AuditFilter) {
  const { from, before, actor, kind, act, outcome, object, address } = filter;
  return eb.and([
    ...(from ? [eb('at', '>=', from)] : []),
    ...(before ? [eb('at', '<', before)] : []),
    ...(actor ? [eb.or([eb('actor', '=', actor), eb('actorName', '=', actor)])] : []),
    ...(kind ? [eb('act', 'in', [...auditActs[kind]])] : []),
    ...(act ? [eb('act', '=', act)] : []),
    ...(outcome ? [eb('outcome', '=', outcome)] : []),
    ...(object ? [eb.or([eb('objectId', '=', object), eb('objectName', '=', object)])] : []),
    ...(address ? [eb('address', '=', address)] : []),
  ]);
}

/** A stream's read is short, and holds no connection while its reader is slow. */
const ENTRIES_AT_A_TIME = 1_000;

/** All entries that match, the oldest first, those that are there when it begins. */
export async function* allAuditEntries(db: Queryable, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  const before = filter.before ?? new Date();
  let beyond: number | undefined;
  for (;;) {
    const page = { limit: ENTRIES_AT_A_TIME, order: 'asc', beyond } as const;
    const entries = await readAuditEntries(db, { ...filter, before }, page);
    yield* entries;
    if (entries.length < ENTRIES_AT_A_TIME) return;
    beyond = entries.at(-1)?.id;
  }
}
