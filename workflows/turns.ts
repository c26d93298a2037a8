import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Runs asynchronous handlers of one workflow one after another, in the order of arrival: the database and the
 * workflow's copy of it then change in the same order. Cancelling the workflow from outside does not abandon a handler
 * that has begun: a caller waits for its answer, and the handlers behind it for their turn.
 */
export function createTurns() {
  let next = 0;
  let serving = 0;

  async function take<Result>(work: () => Promise<Result>): Promise<Result> {
    const ticket = next++;
    return await CancellationScope.nonCancellable(async () => {
      await condition(() => serving === ticket);
      try {
        return await work();
      } finally {
        serving++;
      }
    });
  }

  return {
    /** No turn is running, and none is queued. */
    idle: () => serving === next,
    take,
    /** Answers as `work` does. When that fails, the turn lasts until `settle` has established the outcome. */
    takeUntilSettled: <Result>(work: () => Promise<Result>, settle?: () => Promise<void>): Promise<Result> =>
      new Promise((resolve, reject) => {
        void take(async () => {
          try {
            resolve(await work());
          } catch (error) {
            reject(error);
            await settle?.();
          }
        }).catch(() => {}); // reported to the caller already
      }),
  };
}
