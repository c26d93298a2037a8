import type { SendingReport } from '../../contract/answer.ts';
import { type AttemptRef, endSweep, noteStep, type SendingWork } from '../../database/answers/sending.ts';
import type { Database } from '../../database/database.ts';
import type { SendingClient } from '../../graph/sending/sending-client.ts';
import type { Dependencies } from '../dependencies.ts';
import type { SendingTimes } from './sending-times.ts';

/** What the steps of one attempt share. */
export interface SendingTurn {
  readonly dependencies: Dependencies;
  readonly work: SendingWork;
  readonly client: SendingClient;
  readonly times: SendingTimes;
  /** Aborted when a later attempt has taken over, and with the caller's. */
  readonly signal: AbortSignal;
}

/** A later attempt has taken over: this one may write nothing any more. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
  constructor() {
    super('Another attempt has taken over');
  }
}

export interface Alive {
  readonly signal: AbortSignal;
  isOvertaken(): boolean;
  stop(): Promise<void>;
}

/** Shows that an attempt is alive, to Temporal and in its row; ends it when another has taken over. */
export function keepAlive(
  db: Database,
  ref: AttemptRef,
  {
    signal,
    heartbeat,
    everyMs,
  }: { readonly signal: AbortSignal; readonly heartbeat: () => void; readonly everyMs: number },
): Alive {
  const overtaken = new AbortController();
  let beating = Promise.resolve();
  const beat = async () => {
    heartbeat();
    // A database that is away for a moment says nothing about other attempts.
    if (!(await noteStep(db, ref, {}).catch(() => true))) overtaken.abort(new Overtaken());
  };
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, everyMs);
  heartbeat();
  return {
    signal: AbortSignal.any([signal, overtaken.signal]),
    isOvertaken: () => overtaken.signal.aborted,
    async stop() {
      clearInterval(timer);
      await beating;
    },
  };
}

/** Removes the drafts that an answer left in the mailbox that is over: sent from another draft, or given up. */
export async function sweepDrafts({ dependencies, work, client, signal }: SendingTurn): Promise<SendingReport> {
  for (const { id, isDraft } of await client.findByMarker(work.id, signal)) {
    if (isDraft) await client.removeDraft(id, signal);
  }
  await endSweep(dependencies.db, work, { isDone: true });
  return { nextInMs: null };
}
