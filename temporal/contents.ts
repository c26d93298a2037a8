import { type Client, WorkflowFailedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import {
  CONTENT_TASK_QUEUE,
  CONTENT_WORKFLOW,
  type ContentInput,
  type ContentReport,
  type ContentWorkflow,
  contentWorkflowId,
} from '../contract/content.ts';
import { CONTENT_READ_WITHIN_MS } from '../domain/content-limits.ts';
import { Failure } from '../domain/failure.ts';
import { toFailure, unanswered } from './client-failure.ts';

/** Content of mailboxes, read by workers. */
export interface Contents {
  /**
   * Has an attachment or a message read into the cache; requests for the same one share a run. Undefined when it takes
   * longer than `withinMs`: it goes on. Throws Unavailable when Temporal is away.
   */
  read(input: ContentInput, withinMs: number): Promise<ContentReport | undefined>;
}

/** The server answers within milliseconds; the rest is for a busy machine. */
const START_WITHIN_MS = 3_000;
/** Attempts, and the waiting for a worker. */
const RUN_WITHIN_MS = 3 * CONTENT_READ_WITHIN_MS;
const WORKFLOW_TASK_TIMEOUT_MS = 5_000;

export function createContents(client: Client): Contents {
  async function start(input: ContentInput) {
    try {
      return await client.withDeadline(Date.now() + START_WITHIN_MS, () =>
        client.workflow.start<ContentWorkflow>(CONTENT_WORKFLOW, {
          workflowId: contentWorkflowId(input),
          taskQueue: CONTENT_TASK_QUEUE,
          args: [input],
          workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
          workflowExecutionTimeout: RUN_WITHIN_MS,
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        }),
      );
    } catch (error) {
      const failure = toFailure(error);
      // The server itself did not answer: no worker is needed to start a workflow.
      throw failure instanceof Failure ? unanswered(error) : failure;
    }
  }

  return {
    async read(input, withinMs) {
      const tooLate = AbortSignal.timeout(withinMs);
      const handle = await start(input);
      try {
        return await client.withAbortSignal(tooLate, () => handle.result());
      } catch (error) {
        if (tooLate.aborted) return undefined;
        if (error instanceof WorkflowFailedError) {
          throw new Failure('Unavailable', 'The content could not be read', { reason: 'no-worker', cause: error });
        }
        throw toFailure(error);
      }
    },
  };
}
