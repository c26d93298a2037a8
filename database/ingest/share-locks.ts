import { slotsOf } from '../../domain/reader-share.ts';
import type { Query } from '../lasting-connection.ts';
import { readerChannel } from './watches.ts';

/** The first key of the advisory locks, one for each share; Mailroom takes no other locks with two keys. */
const LOCK_CLASS = 0x6d61696c;
/** The channel on which a process says which share it wants, and that shares are free because it ends. */
export const SHARES_CHANNEL = 'mailroom_shares';

/**
 * The second key. While the number of shares changes, processes hold different locks: for a moment two may read an
 * account.
 */
const keyOf = (share: number, shares: number) => shares * 1_024 + share;

/**
 * A session idle for this long belongs to a process that stands still: every process asks for the shares at least
 * every two seconds, on this session, however busy it is.
 */
const STANDS_STILL_AFTER_SECONDS = 8;

/** What all processes hold together. */
export interface SharesInUse {
  /** Shares that any process holds. */
  readonly taken: ReadonlySet<number>;
  /** Processes in which Temporal places shares; without those that stand still. */
  readonly processes: number;
}

/** Makes the server notice within ten seconds that a holder's machine is gone: the locks end with the session. */
const SESSION =
  'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3; set tcp_user_timeout = 10000';

/** Locks of shares on the session of one connection, with which they end. Functions throw PostgreSQL's errors. */
export function createShareLocks(query: Query, shares: number) {
  const channels = (share: number) => slotsOf(share, shares).map(readerChannel);
  const locks = `pg_locks where locktype = 'advisory' and classid = ${LOCK_CLASS} and granted
    and database = (select oid from pg_database where datname = current_database())`;
  const holders = `select objid::bigint - ${keyOf(0, shares)} as share, pid from ${locks}
    and objsubid = 2 and objid between ${keyOf(0, shares)} and ${keyOf(shares - 1, shares)}`;
  /** Locks with one key of 64 bits have 1 as their `objsubid`. */
  const members = `select pid from ${locks} and objsubid = 1 and objid = ${shares}`;
  const standsStill = `pid in (select pid from pg_stat_activity
    where pid <> pg_backend_pid() and state_change < clock_timestamp() - interval '${STANDS_STILL_AFTER_SECONDS} seconds')`;

  return {
    /** Prepares the session; returns its process id on the server. */
    async begin(): Promise<number> {
      await query(`${SESSION}; listen ${SHARES_CHANNEL}`);
      const rows = await query<{ pid: number }>('select pg_backend_pid() as pid');
      return rows[0]?.pid ?? 0;
    },
    /** Counts this process among those in which Temporal places shares, until the session ends. */
    async join(): Promise<void> {
      await query(`select pg_try_advisory_lock_shared(${LOCK_CLASS}::bigint << 32 | ${shares})`);
    },
    async look(): Promise<SharesInUse> {
      const rows = await query<{ share: string | null }>(
        `${holders} union all select null, pid from (${members}) as member where not ${standsStill}`,
      );
      const taken = rows.flatMap(({ share }) => (share === null ? [] : [Number(share)]));
      return { taken: new Set(taken), processes: rows.length - taken.length };
    },
    /** Takes the free ones and listens to the notifications of their accounts. Returns the shares it took. */
    async take(wanted: readonly number[]): Promise<readonly number[]> {
      const rows = await query<{ share: number; taken: boolean }>(
        `select share, pg_try_advisory_lock(${LOCK_CLASS}, ${keyOf(0, shares)} + share) as taken
        from unnest($1::integer[]) as share`,
        [wanted],
      );
      const taken = rows.filter((row) => row.taken).map(({ share }) => share);
      const all = taken.flatMap(channels);
      if (all.length > 0) await query(all.map((channel) => `listen ${channel}`).join('; '));
      return taken;
    },
    async release(share: number): Promise<void> {
      const unlisten = channels(share).map((channel) => `unlisten ${channel}`);
      await query([...unlisten, `select pg_advisory_unlock(${LOCK_CLASS}, ${keyOf(share, shares)})`].join('; '));
    },
    async say(words: string): Promise<void> {
      await query('select pg_notify($1, $2)', [SHARES_CHANNEL, words]);
    },
    /**
     * Ends the sessions of holders that stand still, which would keep these shares for ever. Returns the shares that
     * they held.
     */
    async evict(wanted: readonly number[]): Promise<readonly number[]> {
      const rows = await query<{ share: string }>(
        `select share, pg_terminate_backend(pid) from (${holders}) as holder
        where share = any($1::bigint[]) and ${standsStill}`,
        [wanted],
      );
      return rows.map(({ share }) => Number(share));
    },
  };
}

export type ShareLocks = ReturnType<typeof createShareLocks>;
