import { condition } from '@temporalio/workflow';

/**
 * Lets asynchronous handlers of one workflow run one after another, in the order in which they came: the database
 * and the workflow's picture of it then change in the same order.
 */
export function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let next = 0;
  let serving = 0;
  return async (work) => {
    const ticket = next++;
    await condition(() => serving === ticket);
    try {
      return await work();
    } finally {
      serving++;
    }
  };
}
