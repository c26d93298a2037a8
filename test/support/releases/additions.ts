import { upsertMemo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { readAccount } from '../../../workflows/activities.ts';

/** Names of the patches: one where a run begins, one that a run passes again and again. */
export const patches = { atBeginning: 'memo-at-beginning', beforeDrain: 'reading-before-drain' } as const;

/**
 * What a later release could do otherwise, without a copy of the workflow's code: it writes a memo when a run begins, and
 * reads the account once more before each drain.
 */
export function createAdditions(isNewPath: (patch: string) => boolean): WorkflowInterceptorsFactory {
  return () => ({
    inbound: [
      {
        execute(input, next) {
          // Nothing may wait here: the handlers are not set yet, and a command that starts the run would be refused.
          if (isNewPath(patches.atBeginning)) upsertMemo({ release: 'later' });
          return next(input);
        },
      },
    ],
    outbound: [
      {
        async scheduleActivity(input, next) {
          const [accountId] = input.args as [string];
          if (input.activityType === 'drain' && isNewPath(patches.beforeDrain)) await readAccount(accountId);
          return await next(input);
        },
      },
    ],
  });
}
