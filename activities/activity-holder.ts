import { Context } from '@temporalio/activity';
import { showHindrance } from '../ingest/access/hindrance.ts';
import type { Holder } from '../ingest/access/mailbox-hold.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

/** The attempt before may be about to end. */
const PATIENCE_MS = 2_000;

/**
 * An activity that holds a mailbox: its heartbeats are those of the hold, and it is cancelled with it. What hinders it is
 * shown on the account.
 */
export function activityHolder(dependencies: Dependencies): Holder {
  const context = Context.current();
  return {
    signal: context.cancellationSignal,
    leaseMs: dependencies.drainHeartbeatTimeoutMs,
    patienceMs: PATIENCE_MS,
    heartbeat: (progress) => context.heartbeat(progress),
    failed: (attempt, error) => showHindrance(dependencies, attempt, error, context.info.attempt),
  };
}
