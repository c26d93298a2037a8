import { ApplicationFailure } from '@temporalio/common';
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { DrainReport, MailboxActivities } from '../activities/contract.ts';
import { DRAIN_START_TO_CLOSE_MS, RETRY_MAX_MS } from '../domain/schedule.ts';

/** How a turn ended: with a report, by a command of an administrator, or because the account must sign in again. */
export type DrainTurn = DrainReport | 'interrupted' | 'sign-in-needed';

/**
 * Runs drains of one account, one at a time. A command interrupts the turn: the workflow answers it at once, while the
 * activity, which may sit in a retry or on a page, is cancelled and ends in its own time. The next turn waits for that.
 */
export function createDrainTurns(accountId: string) {
  let inFlight = false;

  return {
    idle: () => !inFlight,
    async turn(heartbeatTimeoutMs: number, commanded: () => boolean): Promise<DrainTurn> {
      await condition(() => !inFlight || commanded());
      if (commanded()) return 'interrupted';
      const { drain } = proxyActivities<MailboxActivities>({
        startToCloseTimeout: DRAIN_START_TO_CLOSE_MS,
        heartbeatTimeout: heartbeatTimeoutMs,
        // The default is TRY_CANCEL, whatever its documentation says; then two drains could run side by side.
        cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        retry: { maximumInterval: RETRY_MAX_MS },
      });
      const scope = new CancellationScope();
      let end: { turn: DrainTurn } | { error: unknown } | undefined;
      inFlight = true;
      void scope
        .run(() => drain(accountId))
        .then(
          (report) => ({ turn: report }),
          (error: unknown) => endOf(error),
        )
        .then((ended) => {
          end = ended;
          inFlight = false;
        });
      await condition(() => end !== undefined || commanded());
      if (end === undefined) {
        scope.cancel();
        return 'interrupted';
      }
      if ('error' in end) throw end.error;
      return end.turn;
    },
  };
}

function endOf(error: unknown): { turn: DrainTurn } | { error: unknown } {
  if (isCancellation(error)) return { turn: 'interrupted' };
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === 'CredentialRejected') return { turn: 'sign-in-needed' };
  return { error };
}
