import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { AnswerActivities, AnswerInput } from '../contract/answer.ts';
import { SENDING_HEARTBEAT_TIMEOUT_MS, SENDING_RETRY_MAX_MS, SENDING_START_TO_CLOSE_MS } from '../domain/schedule.ts';

const { sendAnswer } = proxyActivities<AnswerActivities>({
  startToCloseTimeout: SENDING_START_TO_CLOSE_MS,
  heartbeatTimeout: SENDING_HEARTBEAT_TIMEOUT_MS,
  // Retried until the row can be read and written: what Microsoft answers is in the report, not in a failure.
  retry: { maximumInterval: SENDING_RETRY_MAX_MS },
});

/**
 * Sends one answer: waits until its undo time is over, then attempts until the row says that nothing is left to do. The
 * row decides everything, so an undo needs no signal, and a second workflow would do no harm.
 */
export async function answer({ answerId, waitMs }: AnswerInput): Promise<void> {
  for (let nextInMs: number | null = waitMs; nextInMs !== null; ) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof answer>({ answerId, waitMs: nextInMs });
    if (nextInMs > 0) await sleep(nextInMs);
    ({ nextInMs } = await sendAnswer(answerId));
  }
}
