import { AsyncLocalStorage } from 'node:async_hooks';

/** The person, key or process that acts, as the audit trail names it. */
export interface ActingParty {
  /** `user:<id>`, `key:<id>`, `cli` or `unknown`. */
  readonly actor: string;
  readonly actorName?: string | null;
  readonly profile?: string | null;
  /** The queues that a person in teams sees; null: all. */
  readonly sees?: readonly string[] | null;
}

/** One act: a request, or a command of the command line. */
export interface Act extends ActingParty {
  readonly act: string;
  readonly address?: string | null;
  readonly agent?: string | null;
  readonly requestId?: string | null;
  readonly objectKind?: string | null;
  /** Null: the first row that the act changes. */
  readonly objectId?: string | null;
  readonly objectName?: string | null;
}

/** An act under way. `recordingActs` adds its entry to the transaction that first writes something for it. */
export interface ActUnderWay {
  /** Undefined: not known yet who acts; nothing is recorded until then. */
  act: Act | undefined;
  /** An entry of it is committed. */
  isRecorded: boolean;
}

const underWay = new AsyncLocalStorage<ActUnderWay>();

/** Runs work as an act: what it writes to the database is recorded with it. */
export function runAct<Result>(act: ActUnderWay, work: () => Result): Result {
  return underWay.run(act, work);
}

/** Runs work that is no part of the act around it, such as a refusal's entry. */
export function outsideOfAct<Result>(work: () => Result): Result {
  return underWay.exit(work);
}

export function actUnderWay(): ActUnderWay | undefined {
  return underWay.getStore();
}
