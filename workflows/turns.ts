import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Lets asynchronous handlers of one workflow run one after another, in the order in which they came: the database
 * and the workflow's picture of it then change in the same order. What has begun is not given up when the workflow is
 * cancelled from outside: somebody waits for the answer, and all behind it for their turn.
 */
export function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let next = 0;
  let serving = 0;
  return async (work) => {
    const ticket = next++;
    return await CancellationScope.nonCancellable(async () => {
      await condition(() => serving === ticket);
      try {
        return await work();
      } finally {
        serving++;
      }
    });
  };
}
