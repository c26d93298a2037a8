import { sql } from 'kysely';
import type { HealthReason, ProcessFacts } from '../../domain/health.ts';
import { SILENT_AFTER_SECONDS } from '../../domain/health.ts';
import type { Database, Queryable } from '../database.ts';
import type { ProcessKind } from '../schema.ts';

/** A process as it says of itself. */
export interface ProcessSign {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly keyIds: readonly string[];
  /** Why it cannot work. */
  readonly problem: HealthReason | undefined;
}

/** What the others are, at the moment of a sign of life. */
export interface Others {
  /** Ids of the keys that every process that lives holds. */
  readonly sharedKeyIds: readonly string[];
  /** Of the same kind. */
  readonly alike: number;
}

/** One that was killed, and not replaced, is no news any more. */
const FORGOTTEN_AFTER_MINUTES = 15;
/** Sorted in 64 kB of memory, this needs a file of half a megabyte: what a disk that is full does not give. */
const ROWS_TO_SORT = 2_000;
const ROW_BYTES = 250;

/**
 * Writes that the process lives, and so proves that the database takes writes: a row, room on its disk for a file of its
 * own, and the rights to write every table. Some milliseconds, in one transaction. Rejects with what PostgreSQL says.
 */
export async function signLife(db: Database, { id, kind, keyIds, ...sign }: ProcessSign): Promise<Others> {
  const problem = sign.problem ?? null;
  return await db.transaction().execute(async (trx) => {
    await sql`select set_config('work_mem', '64kB', true)`.execute(trx);
    await sql`
      select count(*) from (
        select repeat('x', ${ROW_BYTES}) || row_number as line from generate_series(1, ${ROWS_TO_SORT}) as row_number
        order by line offset 0
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

/** Throws as PostgreSQL would when a table may not be written: found before the first mail that needs it. */
async function requireRights(db: Queryable): Promise<void> {
  await sql`
    do $$ begin
      if exists (
        select from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'
        and not (
          has_table_privilege(oid, 'insert') and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete')
        ) and relname not like 'kysely%'
      ) then raise insufficient_privilege using message = 'a table may not be written'; end if;
    end $$`.execute(db);
}

/** The process ends as it was asked to. */
export async function signOff(db: Queryable, id: string): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).execute();
}

/** All processes of which something was heard lately. */
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
