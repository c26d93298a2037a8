import { proxyActivities } from '@temporalio/workflow';
import type { RetentionActivities, RetentionReport } from '../contract/retention.ts';
import {
  nothingDeleted,
  RETENTION_HEARTBEAT_TIMEOUT_MS,
  RETENTION_START_TO_CLOSE_MS,
  type RetentionCounts,
} from '../domain/retention.ts';

const retry = { initialInterval: '5 seconds', maximumInterval: '5 minutes' } as const;
const { deleteDue } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: RETENTION_START_TO_CLOSE_MS,
  heartbeatTimeout: RETENTION_HEARTBEAT_TIMEOUT_MS,
  retry,
  summary: 'Delete what is due',
});
const { noteSwept } = proxyActivities<RetentionActivities>({
  startToCloseTimeout: '1 minute',
  retry,
  summary: 'Note what was deleted',
});

/** Activities of one run, eight hours: with more to delete than that, the next night goes on. */
const MOST_ACTIVITIES = 100;

/** Deletes what is due: each night, and when an erasure waits. Its result is what it deleted. */
export async function retention(): Promise<RetentionReport> {
  let deleted = nothingDeleted;
  let erased = 0;
  let hasMore = true;
  for (let n = 0; hasMore && n < MOST_ACTIVITIES; n++) {
    const report = await deleteDue();
    deleted = sumOf(deleted, report.deleted);
    erased += report.erased;
    ({ hasMore } = report);
  }
  await noteSwept(deleted);
  return { deleted, erased, hasMore };
}

function sumOf(one: RetentionCounts, other: RetentionCounts): RetentionCounts {
  return {
    content: one.content + other.content,
    items: one.items + other.items,
    events: one.events + other.events,
    signIns: one.signIns + other.signIns,
    quarantine: one.quarantine + other.quarantine,
  };
}
