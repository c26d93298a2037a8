import type { Client } from '@temporalio/client';

const DEADLINE_MS = 2_000;

/**
 * How many workflows have an activity that an operator paused. 0 where the server does not answer, or does not know
 * pauses (before 1.28). Never throws.
 */
export async function countPausedWorkflows(client: Client): Promise<number> {
  try {
    const query = 'TemporalPauseInfo IS NOT NULL AND ExecutionStatus = "Running"';
    return (await client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.count(query))).count;
  } catch {
    return 0;
  }
}
