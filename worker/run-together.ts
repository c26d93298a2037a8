import type { Worker } from '@temporalio/worker';

export interface WorkersTogether {
  /** Resolves when all have ended; rejects when one failed, after the others were shut down. */
  readonly ended: Promise<void>;
  shutdown(): void;
}

/** Runs workers that share a connection: when one ends, all do. */
export function runTogether(workers: readonly Worker[]): WorkersTogether {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      shutdown();
      throw error;
    }),
  );
  const ended = Promise.allSettled(runs).then((ends) => {
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
  return { ended, shutdown };
}
