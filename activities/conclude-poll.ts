import { readByList } from '../database/listed-mailboxes.ts';
import type { OpenedPoll } from '../database/polls.ts';
import { isFailure } from '../domain/failure.ts';
import { POLLS_APART_MS } from '../domain/schedule.ts';
import { retryDelayMs } from './activity-failure.ts';
import type { Dependencies } from './dependencies.ts';
import { showHindrance } from './hindrance.ts';
import type { Poll } from './poll-mailbox.ts';

/**
 * Shows on the account what a poll learned. Returns for how many milliseconds the mailbox is to be left alone, whatever
 * notifications come.
 */
export async function concludePoll(
  dependencies: Pick<Dependencies, 'db'>,
  opened: OpenedPoll,
  { error, isSilent, captured, next }: Poll,
): Promise<number> {
  if (isSilent) await readByList(dependencies.db, opened.accountId, { reason: 'delta-silent' });
  if (captured > 0 || next === 'repeat') return 0;
  if (error === undefined) return POLLS_APART_MS;
  const shownMs = (await showHindrance(dependencies, opened, error)) ?? 0;
  // With refused settings it is decided on the settings when the mailbox is polled again.
  const askedMs = isFailure(error) && error.type !== 'SettingsRejected' ? (retryDelayMs(error) ?? 0) : 0;
  return Math.max(POLLS_APART_MS, shownMs, askedMs);
}
