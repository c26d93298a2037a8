import { Context } from '@temporalio/activity';
import type { Holder } from '../ingest/access/mailbox-hold.ts';
import { showCondition } from '../ingest/access/show-condition.ts';
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
    failed: (attempt, error) => showCondition(dependencies, attempt, error, context.info.attempt),
  };
}
