import { type DrainRecord, recordDrain } from '../database/drains.ts';
import { isFailure } from '../domain/failure.ts';
import type { CaptureTurn } from './capture-turn.ts';

/** Remembers what a turn did, where it did anything: what it captured, or that it failed after a page. */
export async function rememberDrain<Outcome extends DrainRecord['outcome']>(
  turn: CaptureTurn,
  walk: () => Promise<Outcome>,
): Promise<Outcome> {
  const { db, accountId, counts, signal } = turn;
  const startedAt = new Date();
  try {
    const outcome = await walk();
    if (counts.captured + counts.quarantined > 0) {
      await recordDrain(db, accountId, { ...counts, startedAt, outcome });
    }
    return outcome;
  } catch (error) {
    if (!signal.aborted && counts.pages > 0) {
      const reason = isFailure(error) ? (error.reason ?? error.type) : 'unexpected';
      await recordDrain(db, accountId, { ...counts, startedAt, outcome: 'failed', reason });
    }
    throw error;
  }
}
