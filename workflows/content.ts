import { proxyActivities } from '@temporalio/workflow';
import type { ContentActivities, ContentInput, ContentReport } from '../contract/content.ts';
import { CONTENT_ATTEMPTS, CONTENT_HEARTBEAT_TIMEOUT_MS, CONTENT_READ_WITHIN_MS } from '../domain/content-limits.ts';

const { readContent } = proxyActivities<ContentActivities>({
  startToCloseTimeout: CONTENT_READ_WITHIN_MS,
  heartbeatTimeout: CONTENT_HEARTBEAT_TIMEOUT_MS,
  retry: { initialInterval: '500 milliseconds', maximumAttempts: CONTENT_ATTEMPTS },
});

/**
 * Reads an attachment or a message from its mailbox into the cache, because a person asked for it. Ends within half a
 * minute, or minutes for a large file; the next request begins another run.
 */
export async function content(input: ContentInput): Promise<ContentReport> {
  return await readContent(input);
}
