import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { CONTENT_TASK_QUEUE } from '../contract/content.ts';
import { RETENTION_SCHEDULE, RETENTION_WORKFLOW } from '../contract/retention.ts';

const spec = { calendars: [{ hour: 2, minute: 30, comment: 'Each night, 02:30 UTC' }] };

/**
 * Ensures that the sweep of retention is scheduled. One that exists stays as it is, an operator may have paused it or
 * set another hour. Safe to repeat, by any number of workers. Throws Temporal's errors.
 */
export async function scheduleRetention(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: RETENTION_SCHEDULE,
      spec,
      action: {
        type: 'startWorkflow',
        workflowType: RETENTION_WORKFLOW,
        workflowId: RETENTION_SCHEDULE,
        taskQueue: CONTENT_TASK_QUEUE,
        staticSummary: 'Deletes what is kept no longer, and what is to be erased',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/** Has the sweep run now; one that runs already is enough. Throws Temporal's errors. */
export async function sweepNow(client: Client): Promise<void> {
  const trigger = () => client.schedule.getHandle(RETENTION_SCHEDULE).trigger(ScheduleOverlapPolicy.SKIP);
  try {
    await trigger();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    // Temporal lost its data, or an operator deleted it.
    await scheduleRetention(client);
    await trigger();
  }
}
