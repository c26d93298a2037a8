import { Context } from '@temporalio/activity';
import type { ContentActivities, ContentReport } from '../contract/content.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { CONTENT_ATTEMPTS, CONTENT_HEARTBEAT_TIMEOUT_MS } from '../domain/content-limits.ts';
import { type Failure, isFailure } from '../domain/failure.ts';
import { outcomeOfRejection, readContent } from '../ingest/content/read-content.ts';
import { readWebLink } from '../ingest/content/read-web-link.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { asActivityFailure } from './activity-failure.ts';

/** A person waits half a minute: a longer delay is an answer. */
const LONGEST_DELAY_MS = 5_000;
const HEARTBEATS_IN_A_TIMEOUT = 4;

/** The activity of the content workflow, on the given ports. */
export function createContentActivities(dependencies: Dependencies): ContentActivities {
  return {
    async readContent(input) {
      const context = Context.current();
      const { attempt } = context.info;
      const alive = setInterval(() => context.heartbeat(), CONTENT_HEARTBEAT_TIMEOUT_MS / HEARTBEATS_IN_A_TIMEOUT);
      try {
        const read = input.wants === 'web-link' ? readWebLink : readContent;
        return await read(dependencies, input, context.cancellationSignal);
      } catch (thrown) {
        const error = asDatabaseFailure(thrown);
        const outcome = outcomeOfRejection(error);
        if (outcome !== undefined) return { outcome };
        if (isFailure(error) && isFinal(error, attempt)) return failed(error);
        throw asActivityFailure(error, attempt);
      } finally {
        clearInterval(alive);
      }
    },
  };
}

/** Not worth another attempt while a person waits. */
function isFinal({ type, retryAfterMs = 0 }: Failure, attempt: number): boolean {
  return attempt >= CONTENT_ATTEMPTS || type !== 'Unavailable' || retryAfterMs > LONGEST_DELAY_MS;
}

function failed({ type, reason, retryAfterMs, code, status, requestId }: Failure): ContentReport {
  return { outcome: 'failed', failure: { type, reason, retryAfterMs, code, status, requestId } };
}
