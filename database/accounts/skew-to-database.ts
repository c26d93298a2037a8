import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Clocks drift slowly; a step of PostgreSQL's clock is noticed after this time. */
const MEASURED_EVERY_MS = 60_000;
/** An exchange that takes longer, or an answer that lay unread while the process was stopped, is too imprecise. */
const MEASURED_WITHIN_MS = 500;
/** A larger difference is a step of this process's own clock. */
const STEP_MS = 250;

interface Measurement {
  /** PostgreSQL's clock minus ours. */
  readonly aheadMs: number;
  readonly at: number;
  /** This process's clock minus its monotonic one at the time of the measurement. */
  readonly ourClock: number;
}

const measurements = new WeakMap<Database, Measurement>();

/**
 * The mail server's clock minus PostgreSQL's in milliseconds, from the difference to this process's clock: the stored
 * value is used with PostgreSQL's `now()`, and by other processes. Never more than the true difference, so that *from
 * now on* begins too early rather than too late. Undefined when PostgreSQL's clock could not be read quickly enough.
 */
export async function skewToDatabase(db: Database, skewMs: number | undefined): Promise<number | undefined> {
  if (skewMs === undefined) return undefined;
  const aheadMs = await databaseClockAheadMs(db);
  return aheadMs === undefined ? undefined : Math.round(skewMs - aheadMs);
}

async function databaseClockAheadMs(db: Database): Promise<number | undefined> {
  const at = performance.now();
  const sentAt = Date.now();
  const ourClock = sentAt - at;
  const known = measurements.get(db);
  const isKnown = known && at - known.at < MEASURED_EVERY_MS && Math.abs(ourClock - known.ourClock) < STEP_MS;
  if (isKnown) return known.aheadMs;
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  if (!rows[0] || performance.now() - at > MEASURED_WITHIN_MS) return undefined;
  const aheadMs = rows[0].now.getTime() - sentAt;
  measurements.set(db, { aheadMs, at, ourClock });
  return aheadMs;
}
