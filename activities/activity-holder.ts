import { Context } from '@temporalio/activity';
import type { Holder } from '../ingest/access/mailbox-hold.ts';
import { showCondition } from '../ingest/access/show-condition.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

/** The previous attempt may be about to end. */
const PATIENCE_MS = 2_000;

/**
 * An activity that holds a mailbox: its heartbeats renew the lease, and losing the lease cancels it. A condition that
 * stops it is shown on the account.
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
