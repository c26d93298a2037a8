import { Context } from '@temporalio/activity';
import type { RetentionActivities } from '../contract/retention.ts';
import { asDatabaseFailure } from '../database/database-failure.ts';
import { eraseSome, listOpenErasures } from '../database/retention/erasures.ts';
import { findRetention, noteSwept } from '../database/retention/periods.ts';
import { sweepSome } from '../database/retention/sweep.ts';
import { nothingDeleted, RETENTION_ACTIVITY_MS, retentionKinds } from '../domain/retention.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { asActivityFailure } from './activity-failure.ts';

/** Activities of the retention workflow. */
export function createRetentionActivities({ db }: Pick<Dependencies, 'db'>): RetentionActivities {
  return {
    async deleteDue() {
      const context = Context.current();
      const endsAt = performance.now() + RETENTION_ACTIVITY_MS;
      /** Repeats a step until it has nothing to do or the time is over. Returns how much it did. */
      async function repeat(step: () => Promise<number>): Promise<number> {
        let all = 0;
        while (performance.now() < endsAt) {
          context.cancellationSignal.throwIfAborted();
          context.heartbeat();
          const some = await step();
          if (some === 0) break;
          all += some;
        }
        return all;
      }
      try {
        let erased = 0;
        for (const id of await listOpenErasures(db)) erased += await repeat(() => eraseSome(db, id));
        const { periods } = await findRetention(db);
        const deleted = { ...nothingDeleted };
        for (const kind of retentionKinds) {
          const days = periods[kind];
          if (days !== null) deleted[kind] = await repeat(() => sweepSome(db, kind, days));
        }
        return { deleted, erased, hasMore: performance.now() >= endsAt };
      } catch (error) {
        throw asActivityFailure(asDatabaseFailure(error), context.info.attempt);
      }
    },
    async noteSwept(deleted) {
      try {
        await noteSwept(db, deleted);
      } catch (error) {
        throw asActivityFailure(asDatabaseFailure(error), Context.current().info.attempt);
      }
    },
  };
}
