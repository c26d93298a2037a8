import { sql } from 'kysely';
import type { HealthReason, ProcessFacts } from '../../domain/health.ts';
import { SILENT_AFTER_SECONDS } from '../../domain/health.ts';
import type { Database, Queryable } from '../database.ts';
import { ADDED_TO } from '../roles/grant-runtime.ts';
import type { ProcessKind } from '../schema.ts';

/** A process as it reports itself. */
export interface ProcessSign {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly keyIds: readonly string[];
  /** Why it cannot work. */
  readonly problem: HealthReason | undefined;
}

/** The other processes at the time of a heartbeat. */
export interface Others {
  /** Ids of the keys that all live processes have. */
  readonly sharedKeyIds: readonly string[];
  /** Processes of the same kind. */
  readonly alike: number;
}

/** A killed process that was not replaced is forgotten after this. */
const FORGOTTEN_AFTER_MINUTES = 15;
/**
 * Sorting them in 64 kB of memory needs a temporary file of half a megabyte, which fails on a full disk. By their number,
 * because PostgreSQL 18 kept them in memory when it sorted them by themselves.
 */
const ROWS_TO_SORT = 200;
const ROW_BYTES = 2_500;

/**
 * Writes a heartbeat, which proves that the database takes writes: a row, disk space for a temporary file, and the
 * rights to write every table. Takes some milliseconds, in one transaction. Rejects with PostgreSQL's error.
 */
export async function signLife(db: Database, { id, kind, keyIds, ...sign }: ProcessSign): Promise<Others> {
  const problem = sign.problem ?? null;
  return await db.transaction().execute(async (trx) => {
    await sql`select set_config('work_mem', '64kB', true)`.execute(trx);
    await sql`
      select count(line) from (
        select repeat('x', ${ROW_BYTES}) || row_number as line from generate_series(1, ${ROWS_TO_SORT}) as row_number
        order by row_number desc offset 0
      ) as sorted`.execute(trx);
    await sql`
      insert into processes (id, kind, key_ids, problem, problem_since)
      values (${id}, ${kind}, ${keyIds}::text[], ${problem}::text, case when ${problem}::text is not null then now() end)
      on conflict (id) do update set
        key_ids = excluded.key_ids,
        problem_since = case when processes.problem is not null and excluded.problem is not null
          then processes.problem_since else excluded.problem_since end,
        problem = excluded.problem,
        seen_at = now()
    `.execute(trx);
    await requireRights(trx);
    await sql`delete from processes where seen_at < now() - ${FORGOTTEN_AFTER_MINUTES} * interval '1 minute'`.execute(
      trx,
    );
    const { rows } = await sql<{ kind: ProcessKind; keyIds: string[] }>`
      select kind, key_ids from processes
      where id <> ${id} and seen_at > now() - ${SILENT_AFTER_SECONDS} * interval '1 second'
    `.execute(trx);
    return {
      sharedKeyIds: keyIds.filter((keyId) => rows.every((other) => other.keyIds.includes(keyId))),
      alike: rows.filter((other) => other.kind === kind).length,
    };
  });
}

/** Throws PostgreSQL's error for a table without the permission that processes need, before the first mail that needs it. */
async function requireRights(db: Queryable): Promise<void> {
  await sql`
    do $$ begin
      if exists (
        select from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
        and not (has_table_privilege(oid, 'insert') and (relname in (${sql.join(ADDED_TO.map((table) => sql.lit(table)))})
          or has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))
        ) and relname not like 'kysely%'
      ) then raise insufficient_privilege using message = 'a table may not be written'; end if;
    end $$`.execute(db);
}

/** The process is shutting down. */
export async function signOff(db: Queryable, id: string): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).execute();
}

/** All processes with a recent heartbeat. */
export async function listProcesses(db: Queryable): Promise<readonly ProcessFacts[]> {
  return await db
    .selectFrom('processes')
    .select([
      'kind',
      'seenAt',
      'problem',
      'problemSince',
      sql<number>`extract(epoch from clock_timestamp() - seen_at)::float8`.as('silentForSeconds'),
    ])
    .orderBy('startedAt')
    .execute();
}
