import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createReadShare } from '../activities/read-share.ts';
import { READERS_TASK_QUEUE } from '../contract/mailbox.ts';
import type { ConnectionSource } from '../database/lasting-connection.ts';
import type { Dependencies } from '../ingest/dependencies.ts';
import { describeError } from '../process/describe-error.ts';
import { createDataConverter } from '../temporal/data-converter.ts';
import type { Mailboxes } from '../temporal/mailboxes.ts';
import { hasReaderAttributes, startReaders } from '../temporal/readers.ts';
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
const START_AGAIN_AFTER_MS = 5_000;

export interface ReadersOfProcess {
  /** Allows Temporal to place shares here. */
  join(settings: Pick<WorkerSettings, 'connection' | 'namespace' | 'workflowBundle'>): Promise<Worker>;
  stop(): Promise<void>;
}

/**
 * The reading of mail in this process: the shares that it holds, their reader, and Temporal's placements. Reads from
 * the start, before Temporal is available.
 */
export function startReadersOfProcess(
  dependencies: Dependencies,
  { client, mailboxes, database, logger, ...settings }: ReadersOptions,
): ReadersOfProcess {
  const { shares } = settings;
  const stopped = new AbortController();
  const reader = startReader(dependencies, mailboxes, logger, settings);
  const holder = holdShares({ ...database, shares, logger, onChange: reader.hold, onNotice: reader.notice });
  let hasAttributes = false;

  async function start(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        return await startReaders(client, shares);
      } catch (error) {
        logger.warn(describeError(error), 'readers.not-started');
        await sleep(START_AGAIN_AFTER_MS, undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  return {
    async join({ connection, namespace, workflowBundle }) {
      const worker = await Worker.create({
        connection,
        namespace,
        taskQueue: READERS_TASK_QUEUE,
        workflowBundle,
        activities: createReadShare(dependencies, {
          shares,
          place: holder.place,
          captured: reader.captured,
          hasAttributes: async () => {
            hasAttributes ||= await hasReaderAttributes(client);
            return hasAttributes;
          },
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
      void start();
      return worker;
    },
    async stop() {
      stopped.abort();
      await reader.stop();
      await holder.stop();
    },
  };
}

export interface ReadersOptions extends ReaderSettings {
  readonly client: Client;
  readonly mailboxes: Pick<Mailboxes, 'wake'>;
  readonly database: ConnectionSource;
  readonly logger: Logger;
}
