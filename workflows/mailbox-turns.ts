import { ApplicationFailure } from '@temporalio/common';
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { DrainReport, ReconcileReport } from '../contract/activities.ts';
import { DRAIN_START_TO_CLOSE_MS, RETRY_MAX_MS } from '../domain/schedule.ts';
import { summarised } from './activity-summaries.ts';

/** How a turn ended: with a report, by a command of an administrator, or because the account must sign in again. */
export type Turn<Report> = Report | 'interrupted' | 'sign-in-needed';

/**
 * Runs the activities that read one account's mailbox, one turn at a time. A command interrupts a turn: the workflow
 * answers it at once, while the activity, which may be waiting for a retry or reading a page, is cancelled and ends in
 * its own time. The next turn waits for that.
 */
export function createMailboxTurns(accountId: string) {
  let inFlight = false;

  async function run<Report>(work: () => Promise<Report>, commanded: () => boolean): Promise<Turn<Report>> {
    await condition(() => !inFlight || commanded());
    if (commanded()) return 'interrupted';
    const scope = new CancellationScope();
    let end: { turn: Turn<Report> } | { error: unknown } | undefined;
    inFlight = true;
    void scope
      .run(work)
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
  }

  return {
    idle: () => !inFlight,

    /** Drains the mailbox. Retried until it works, or until Microsoft requires a person to sign in. */
    drain(heartbeatTimeout: number, commanded: () => boolean): Promise<Turn<DrainReport>> {
      // Built for each turn, because a stub fixes its options: the worker's heartbeat timeout may have changed.
      const { drain } = summarised({
        ...reading(heartbeatTimeout),
        retry: { maximumInterval: RETRY_MAX_MS },
      });
      return run(() => drain(accountId), commanded);
    },

    /** Reconciles mailbox and ledger. Tried once: drains come first, and show a condition that stops the mailbox. */
    async reconcile(heartbeatTimeout: number, commanded: () => boolean): Promise<Turn<ReconcileReport> | 'failed'> {
      const { reconcile } = summarised({
        ...reading(heartbeatTimeout),
        retry: { maximumAttempts: 1 },
      });
      try {
        return await run(() => reconcile(accountId), commanded);
      } catch (error) {
        if (error instanceof ActivityFailure) return 'failed';
        throw error;
      }
    },
  };
}

function reading(heartbeatTimeout: number) {
  return {
    startToCloseTimeout: DRAIN_START_TO_CLOSE_MS,
    heartbeatTimeout,
    // The default is TRY_CANCEL, contrary to its documentation; two activities could then read side by side.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
}

function endOf(error: unknown): { turn: 'interrupted' | 'sign-in-needed' } | { error: unknown } {
  if (isCancellation(error)) return { turn: 'interrupted' };
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === 'CredentialRejected') return { turn: 'sign-in-needed' };
  return { error };
}
