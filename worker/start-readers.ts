import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createReadShare } from '../activities/read-share.ts';
import { READERS_TASK_QUEUE } from '../contract/mailbox.ts';
import type { ConnectionSource } from '../database/lasting-connection.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { createDataConverter } from '../temporal/data-converter.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import type { WorkerSettings } from './create-worker.ts';
import { createPlacementSlots } from './placement-slots.ts';
import { type ReaderSettings, startReader } from './reader.ts';
import { holdShares } from './share-holder.ts';

/** The SDK's minimum is two. */
const WORKFLOW_POLLERS = 2;
/** One waiting poller for each worker: Temporal then gives shares to the workers in turn. */
const ACTIVITY_POLLERS = 1;
/** For what takes moments: workflow tasks. */
const fixed = { type: 'fixed-size', numSlots: 40 } as const;

export interface ReadersOfProcess {
  /** Allows Temporal to place shares here. */
  join(settings: ReadersJoin): Promise<Worker>;
  stop(): Promise<void>;
}

/**
 * The reading of mail in this process: the shares that it holds, their reader, and Temporal's placements. Reads from
 * the start, before Temporal is available.
 */
export function startReadersOfProcess(
  dependencies: Dependencies,
  { mailboxes, database, logger, ...settings }: ReadersOptions,
): ReadersOfProcess {
  const { shares } = settings;
  const reader = startReader(dependencies, mailboxes, logger, settings);
  const holder = holdShares({ ...database, shares, logger, onChange: reader.hold, onNotice: reader.notice });

  return {
    async join({ connection, namespace, workflowBundle, showsColumns }) {
      const worker = await Worker.create({
        connection,
        namespace,
        taskQueue: READERS_TASK_QUEUE,
        workflowBundle,
        activities: createReadShare(dependencies, {
          shares,
          place: holder.place,
          captured: reader.captured,
          hasAttributes: showsColumns,
        }),
        dataConverter: createDataConverter(dependencies.keys),
        tuner: {
          activityTaskSlotSupplier: createPlacementSlots(holder.fairShare),
          workflowTaskSlotSupplier: fixed,
          localActivityTaskSlotSupplier: fixed,
          nexusTaskSlotSupplier: fixed,
        },
        maxConcurrentActivityTaskPolls: ACTIVITY_POLLERS,
        maxConcurrentWorkflowTaskPolls: WORKFLOW_POLLERS,
        maxCachedWorkflows: shares,
        shutdownForceTime: '2 seconds',
      });
      holder.join();
      return worker;
    },
    async stop() {
      await reader.stop();
      await holder.stop();
    },
  };
}

export interface ReadersJoin extends Pick<WorkerSettings, 'connection' | 'namespace' | 'workflowBundle'> {
  /** Temporal knows the search attributes that show a reader's figures. */
  readonly showsColumns: boolean;
}

export interface ReadersOptions extends ReaderSettings {
  readonly mailboxes: Pick<Mailboxes, 'wake'>;
  readonly database: ConnectionSource;
  readonly logger: Logger;
}
