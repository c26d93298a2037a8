import { Context } from '@temporalio/activity';
import type { MissedMail } from '../contract/mailbox.ts';
import { noteClockSkew } from '../database/accounts/account-conditions.ts';
import { countCapturedSince, findReadUntil } from '../database/ingest/missed-mail.ts';
import { openMailbox } from '../ingest/access/mailbox-access.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

/**
 * Counts the inbox mail that a disabled account has missed, which is what would be routed if it caught up. The mail
 * server counts from the time the mailbox was last read; mail captured since then, just before the account was
 * disabled, is subtracted.
 */
export function createCountMissedMail(dependencies: Dependencies) {
  const { db } = dependencies;

  return async function countMissedMail(accountId: string): Promise<MissedMail> {
    const { cancellationSignal: signal } = Context.current();
    const read = await findReadUntil(db, accountId);
    if (read === undefined) return { count: 0, since: Date.now() };
    const { until: since, ...signIn } = read;
    const mailbox = openMailbox(dependencies, { accountId, ...signIn }, signal);
    // One request, in place of the reader's: the reader does not poll a disabled account.
    const found = await mailbox.countMessages({ folder: 'inbox', receivedSince: since }, signal);
    await noteClockSkew(db, accountId, mailbox.clockSkewMs());
    const captured = await countCapturedSince(db, accountId, since);
    return { count: found === undefined ? null : Math.max(0, found - captured), since: since.getTime() };
  };
}
