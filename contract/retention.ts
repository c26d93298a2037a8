import type { RetentionCounts } from '../domain/retention.ts';

/** The deletion of what is due: names and types, as of `mailbox.ts`. */
export const RETENTION_WORKFLOW = 'retention';
/** Of the schedule, and the beginning of the ids of its workflows. */
export const RETENTION_SCHEDULE = 'retention';

export interface RetentionReport {
  readonly deleted: RetentionCounts;
  /** Items whose mail was erased on request. */
  readonly erased: number;
  /** The time of one activity was over before everything was deleted. */
  readonly hasMore: boolean;
}

/** Activities of the retention workflow. Each is safe to repeat. */
export interface RetentionActivities {
  /** Deletes for some minutes what is due. */
  deleteDue(): Promise<RetentionReport>;
  /** Notes what the sweep deleted. */
  noteSwept(deleted: RetentionCounts): Promise<void>;
}
