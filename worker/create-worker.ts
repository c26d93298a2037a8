import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.ts';
import { TASK_QUEUE } from '../contract/mailbox.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { createDataConverter } from '../temporal/data-converter.ts';

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundleOption;
  readonly maxConcurrentActivities: number;
  readonly maxCachedWorkflows: number;
}

/** A worker that stops finishes short work within this time. */
const SHUTDOWN_GRACE_MS = 2_000;
/** After this time it cancels the rest: a drain ends after its page, and another worker continues from there. */
const SHUTDOWN_FORCE_MS = 7_000;

/**
 * A workflow's tasks go first to the worker that has it cached. Temporal waits this long for one that died: less than a
 * command's deadline, and longer than a busy worker needs.
 */
const CACHE_WAITED_FOR_MS = 2_000;

/** The worker of mailboxes: workflow code from the bundle, activities on the given ports. */
export async function createMailboxWorker(dependencies: Dependencies, settings: WorkerSettings): Promise<Worker> {
  return await Worker.create({
    connection: settings.connection,
    namespace: settings.namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: settings.workflowBundle,
    activities: createActivities(dependencies),
    dataConverter: createDataConverter(dependencies.keys),
    maxConcurrentActivityTaskExecutions: settings.maxConcurrentActivities,
    // The SDK derives its default from the wrong heap, and the kernel ends the process (sdk-typescript 1843, 2227).
    maxCachedWorkflows: settings.maxCachedWorkflows,
    stickyQueueScheduleToStartTimeout: CACHE_WAITED_FOR_MS,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
    shutdownForceTime: SHUTDOWN_FORCE_MS,
  });
}
