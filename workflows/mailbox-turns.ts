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
 * Runs what reads the mailbox of one account, one turn at a time. A command interrupts a turn: the workflow answers it
 * at once, while the activity, which may sit in a retry or on a page, is cancelled and ends in its own time. The next
 * turn waits for that.
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

    /** Reads what is new. Tried until it works, or until Microsoft wants a person to sign in. */
    drain(heartbeatTimeout: number, commanded: () => boolean): Promise<Turn<DrainReport>> {
      // A function of an activity's stub takes its options as they are now: the worker may have told another time.
      const { drain } = summarised({
        ...reading(heartbeatTimeout),
        retry: { maximumInterval: RETRY_MAX_MS },
      });
      return run(() => drain(accountId), commanded);
    },

    /** Compares mailbox and ledger. Tried once: drains come first, and show what hinders the mailbox. */
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
    // The default is TRY_CANCEL, whatever its documentation says; then two could read side by side.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  };
}

function endOf(error: unknown): { turn: 'interrupted' | 'sign-in-needed' } | { error: unknown } {
  if (isCancellation(error)) return { turn: 'interrupted' };
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === 'CredentialRejected') return { turn: 'sign-in-needed' };
  return { error };
}
