import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { reading } from './reading.ts';
import { isRead, slotOf } from './watches.ts';

/** Figures of a share for operators. */
export interface ShareFigures {
  readonly share: number;
  /** Accounts to read. */
  readonly accounts: number;
  /** Accounts that are read to their end and have no condition. */
  readonly current: number;
  /** How long the most overdue poll has been due. */
  readonly oldestLagSeconds: number;
}

/**
 * Figures of all shares that hold accounts. Reads every account: call it in one process, not for each share, and a few
 * times a minute.
 */
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
