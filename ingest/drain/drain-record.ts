import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import { isFailure } from '../../domain/failure.ts';
import type { CaptureTurn } from './capture-turn.ts';

/** Records a turn that did anything: what it captured, even if it was cut short, or that it failed after a page. */
export async function rememberDrain<Outcome extends DrainOutcome>(
  turn: CaptureTurn,
  walk: () => Promise<Outcome>,
): Promise<Outcome> {
  const { counts, signal } = turn;
  const startedAt = new Date();
  const remember = async (outcome: DrainOutcome) => {
    if (counts.captured + counts.quarantined === 0) return;
    await turn.remember({ ...counts, startedAt, outcome });
  };
  try {
    const outcome = await walk();
    await remember(outcome);
    return outcome;
  } catch (error) {
    if (signal.aborted) {
      await remember('cancelled');
    } else if (counts.pages > 0) {
      const reason = isFailure(error) ? (error.reason ?? error.type) : 'unexpected';
      await turn.remember({ ...counts, startedAt, outcome: 'failed', reason });
    }
    throw error;
  }
}
