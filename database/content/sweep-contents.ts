import { sql } from 'kysely';
import { CONTENT_IN_USE_MINUTES, CONTENT_READ_WITHIN_MS } from '../../domain/content-limits.ts';
import type { Queryable } from '../database.ts';

export interface ContentCacheLimits {
  readonly cacheBytes: number;
  readonly keptMs: number;
}

/** Contents of one statement: a file of 150 MB takes a second to delete. */
const SWEPT_AT_ONCE = 10;

/**
 * Deletes content that was not used for a while, attempts that ended with their process, and the least recently used
 * where the cache is too large. What the scanner found stays, without the bytes. Returns the number of contents deleted;
 * at most a few, so call it again while it returns some.
 */
export async function sweepContents(db: Queryable, { cacheBytes, keptMs }: ContentCacheLimits): Promise<number> {
  const inUse = sql`now() - ${CONTENT_IN_USE_MINUTES} * interval '1 minute'`;
  const dead = sql`now() - ${2 * CONTENT_READ_WITHIN_MS} * interval '1 millisecond'`;
  const { numAffectedRows = 0n } = await sql`
    with used as (
      select id, used_at, started_at, completed_at,
        sum(size) over (order by used_at desc, id) as bytes_with_newer
      from contents where verdict is distinct from 'infected'
    )
    delete from contents where id in (
      select id from used
      where case when completed_at is null then started_at < ${dead} else used_at < ${inUse} and (
        used_at < now() - ${keptMs} * interval '1 millisecond' or bytes_with_newer > ${cacheBytes}
      ) end
      order by used_at limit ${SWEPT_AT_ONCE}
    )`.execute(db);
  return Number(numAffectedRows);
}
