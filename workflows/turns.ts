import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Lets asynchronous handlers of one workflow run one after another, in the order in which they came: the database
 * and the workflow's picture of it then change in the same order. What has begun is not given up when the workflow is
 * cancelled from outside: somebody waits for the answer, and all behind it for their turn.
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
    /** No turn is under way, and none is waited for. */
    idle: () => serving === next,
    take,
    /** Answers as `work` does. When that fails, the turn lasts until `settle` has found out what became of it. */
    takeUntilSettled: <Result>(work: () => Promise<Result>, settle?: () => Promise<void>): Promise<Result> =>
      new Promise((resolve, reject) => {
        void take(async () => {
          try {
            resolve(await work());
          } catch (error) {
            reject(error);
            await settle?.();
          }
        }).catch(() => {}); // it was told already
      }),
  };
}
