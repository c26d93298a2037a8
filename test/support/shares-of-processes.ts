import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** How many shares each process holds, the most first. */
export async function sharesOfProcesses(db: Database): Promise<number[]> {
  const { rows } = await sql<{ shares: number }>`
    select count(*) as shares from pg_locks
    where locktype = 'advisory' and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())
    group by pid order by 1 desc
  `.execute(db);
  return rows.map(({ shares }) => shares);
}
