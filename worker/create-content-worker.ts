import { Worker } from '@temporalio/worker';
import { createRetentionActivities } from '../activities/delete-due.ts';
import { createContentActivities } from '../activities/read-content.ts';
import { CONTENT_TASK_QUEUE } from '../contract/content.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { createDataConverter } from '../temporal/data-converter.ts';
import type { WorkerSettings } from './create-worker.ts';

/** Files that one worker reads at a time, each with a piece of a quarter megabyte in memory. */
const CONCURRENT_READS = 8;
const POLLERS = 2;
const MOST_CACHED_WORKFLOWS = 50;

/** The worker of content: what people wait for does not queue behind drains. Content that is kept no longer it deletes. */
export async function createContentWorker(
  dependencies: Dependencies,
  { connection, namespace, workflowBundle }: Pick<WorkerSettings, 'connection' | 'namespace' | 'workflowBundle'>,
): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace,
    taskQueue: CONTENT_TASK_QUEUE,
    workflowBundle,
    activities: { ...createContentActivities(dependencies), ...createRetentionActivities(dependencies) },
    dataConverter: createDataConverter(dependencies.keys),
    maxConcurrentActivityTaskExecutions: CONCURRENT_READS,
    maxConcurrentActivityTaskPolls: POLLERS,
    maxConcurrentWorkflowTaskPolls: POLLERS,
    maxCachedWorkflows: MOST_CACHED_WORKFLOWS,
    shutdownGraceTime: '2 seconds',
    shutdownForceTime: '7 seconds',
  });
}
