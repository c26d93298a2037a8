import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { reading } from './reading.ts';
import { isRead, slotOf } from './watches.ts';

/** What operators see of a share. */
export interface ShareFigures {
  readonly share: number;
  /** Accounts that are to be read. */
  readonly accounts: number;
  /** How many of them are read to their end, and nothing hinders them. */
  readonly current: number;
  /** How long the mailbox is overdue that waits longest for its poll. */
  readonly oldestLagSeconds: number;
}

/** Of all shares that hold accounts. Reads every account: for one process, not for one share, and a few times a minute. */
export async function listShareFigures(db: Queryable, shares: number): Promise<readonly ShareFigures[]> {
  const overdue = sql`case when watches.state = 'polling' then now() - greatest(watches.due_at, watches.not_before) end`;
  const { rows } = await sql<ShareFigures>`
    select ${slotOf(sql.ref('accounts.id'))} % ${shares}::integer as share, count(*) as accounts,
      count(*) filter (where ${reading} = 'current') as current,
      coalesce(greatest(0, extract(epoch from max(${overdue}))), 0)::integer as oldest_lag_seconds
    from accounts left join watches on watches.account_id = accounts.id
    where ${isRead} group by 1
  `.execute(db);
  return rows;
}
