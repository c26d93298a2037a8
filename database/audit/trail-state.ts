import { sql } from 'kysely';
import type { TrailState } from '../../domain/audit-stream.ts';
import type { Queryable } from '../database.ts';

/** A turn that ended longer ago than this: no worker streams any more. Longer than the longest turn. */
const STREAMS_WITHIN_SECONDS = 180;

/** How far the trail is sealed and streamed. Reads the ends of two indexes. */
export async function readTrailState(db: Queryable): Promise<TrailState> {
  const { rows } = await sql<{
    unsealedSeconds: number;
    isStreamed: boolean;
    waiting: number;
    lagSeconds: number;
    problem: string | null;
    failingSince: Date | null;
    rejected: number;
  }>`
    select
      coalesce((select extract(epoch from clock_timestamp() - at) from audit_pending
        join audit_entries on id = entry_id order by entry_id limit 1), 0)::float8 as unsealed_seconds,
      coalesce(turn_until > now() - ${STREAMS_WITHIN_SECONDS} * interval '1 second', false) as is_streamed,
      greatest(coalesce((select max(number) from audit_seals), 0) - stream.number, 0) as waiting,
      coalesce((select extract(epoch from clock_timestamp() - at) from audit_seals seal
        join audit_entries entry on entry.id = seal.entry_id
        where seal.number > stream.number order by seal.number limit 1), 0)::float8 as lag_seconds,
      problem, failing_since, rejected
    from audit_stream stream`.execute(db);
  const [row] = rows;
  if (!row) return { unsealedSeconds: 0, stream: undefined };
  const { unsealedSeconds, isStreamed, ...stream } = row;
  return { unsealedSeconds, stream: isStreamed ? stream : undefined };
}
