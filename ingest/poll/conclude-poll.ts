import { readByList } from '../../database/ingest/listed-mailboxes.ts';
import type { OpenedPoll } from '../../database/ingest/polls.ts';
import { isFailure } from '../../domain/failure.ts';
import { POLL_RETRY_MS, POLLS_APART_MS } from '../../domain/schedule.ts';
import { retryDelayMs } from '../access/retry-delay.ts';
import { showCondition } from '../access/show-condition.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Poll } from './poll-mailbox.ts';

/** When a mailbox is polled again, in milliseconds. */
export interface NextPoll {
  /** Not earlier, whatever notifications arrive. */
  readonly notBeforeMs: number;
  /** After a poll without a result. */
  readonly retryMs: number;
}

/** Shows a poll's result on the account. Returns the earliest time of the next poll, and when it is due. */
export async function concludePoll(
  dependencies: Pick<Dependencies, 'db'>,
  opened: OpenedPoll,
  { error, isSilent, captured, next }: Poll,
): Promise<NextPoll> {
  if (isSilent) await readByList(dependencies.db, opened.accountId, { reason: 'delta-silent' });
  if (captured > 0 || next === 'repeat') return { notBeforeMs: 0, retryMs: POLL_RETRY_MS };
  if (error === undefined) return { notBeforeMs: POLLS_APART_MS, retryMs: POLL_RETRY_MS };
  const decidedMs = await showCondition(dependencies, opened, error);
  // New settings make their mailboxes due as soon as they are saved.
  if (isFailure(error, 'SettingsRejected')) return { notBeforeMs: POLLS_APART_MS, retryMs: decidedMs ?? POLL_RETRY_MS };
  const waitMs = decidedMs ?? (isFailure(error) ? retryDelayMs(error) : undefined);
  return { notBeforeMs: Math.max(POLLS_APART_MS, waitMs ?? 0), retryMs: waitMs ?? POLL_RETRY_MS };
}
