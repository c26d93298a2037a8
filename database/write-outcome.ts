import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogEvent } from 'kysely';

/**
 * What is known about the writes of a piece of work: certainly `nothing`; `something`; or `unclear`, because a
 * connection broke between a write and its answer.
 */
export type WriteOutcome = 'nothing' | 'something' | 'unclear';

export interface Writes {
  outcome: WriteOutcome;
  inTransaction: boolean;
  /** Written in a transaction that has not ended. */
  isPending: boolean;
}

const underWay = new AsyncLocalStorage<Writes>();

export function noWrites(): Writes {
  return { outcome: 'nothing', inTransaction: false, isPending: false };
}

/** Runs work, and tracks the outcome of its writes in `writes`. */
export function noteWrites<Result>(writes: Writes, work: () => Result): Result {
  return underWay.run(writes, work);
}

/** Runs work whose writes are not what the work around it is about. */
export function withoutNotes<Result>(work: () => Result): Result {
  return underWay.exit(work);
}

/** The writes of the running work were certainly rolled back. */
export function noteTakenBack(): void {
  const writes = underWay.getStore();
  if (writes) writes.outcome = 'nothing';
}

/**
 * SQLSTATE of a refusal: the server ended the statement and rolled it back. Those that end a connection are
 * inconclusive.
 */
const refused = /^(?!08|57P0)[0-9A-Z]{5}$/;
const WRITES = /\b(insert|update|delete|truncate)\b/i;

/** Call it after every query, successful or not. */
export function noteQuery({ level, query, ...event }: LogEvent): void {
  const writes = underWay.getStore();
  if (!writes) return;
  const text = query.sql.trimStart().toLowerCase();
  const failed = level === 'error';
  const isUnanswered = failed && !refused.test(codeOf('error' in event ? event.error : undefined));
  if (/^(begin|start transaction)/.test(text)) {
    writes.inTransaction = !failed;
    writes.isPending = false;
  } else if (text.startsWith('rollback') && !text.startsWith('rollback to')) {
    writes.inTransaction = false;
    writes.isPending = false;
  } else if (text.startsWith('commit')) {
    if (writes.isPending && !failed) writes.outcome = 'something';
    if (writes.isPending && isUnanswered) writes.outcome = 'unclear';
    writes.inTransaction = false;
    writes.isPending = false;
  } else if (WRITES.test(text)) {
    if (writes.inTransaction) writes.isPending ||= !failed;
    else if (isUnanswered) writes.outcome = 'unclear';
    else if (!failed) writes.outcome = 'something';
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
