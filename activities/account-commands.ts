import type { AccountReading, CommandReport, MailboxActivities } from '../contract/activities.ts';
import type { CommandRecord } from '../database/accounts/account-commands.ts';
import { findAccountFacts } from '../database/accounts/account-facts.ts';
import { removeAccount } from '../database/accounts/account-removal.ts';
import { expireSignIn, openSignIn, requireSignIn } from '../database/accounts/account-sign-in.ts';
import { pauseAccount, resumeAccount } from '../database/accounts/account-toggle.ts';
import { showColumns } from '../database/accounts/shown-columns.ts';
import { isFailure } from '../domain/failure.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

type AccountCommands = Omit<
  MailboxActivities,
  'drain' | 'reconcile' | 'redeemSignIn' | 'keepSubscription' | 'endSubscription' | 'countMissedMail'
>;

/** Commands that change an account's row. Each answers with the account as it is afterwards. Safe to repeat. */
export function createAccountCommands(dependencies: Dependencies): AccountCommands {
  const { db, tokens, drainHeartbeatTimeoutMs, showsColumns = false } = dependencies;

  async function readAccount(accountId: string): Promise<AccountReading> {
    const facts = await findAccountFacts(db, accountId);
    if (!facts) {
      const gone = { signIn: 'awaiting', enabled: false, removed: true, subscribed: false } as const;
      return { ...gone, subscriptionDueAt: 0, reconcileDueAt: 0, drainHeartbeatTimeoutMs };
    }
    const { signInExpiresAt, subscriptionDueAt, reconcileDueAt, signInNumber: _, access: __, ...rest } = facts;
    return {
      ...rest,
      subscriptionDueAt: subscriptionDueAt.getTime(),
      reconcileDueAt: reconcileDueAt.getTime(),
      ...(signInExpiresAt ? { signInExpiresAt: signInExpiresAt.getTime() } : {}),
      drainHeartbeatTimeoutMs,
      ...(showsColumns && !facts.removed ? { columns: await showColumns(db, accountId) } : {}),
    };
  }

  async function report(accountId: string, { carriedOutAt, ...record }: CommandRecord): Promise<CommandReport> {
    const reading = await readAccount(accountId);
    return { ...reading, receipt: { ...record, carriedOutAt: carriedOutAt.getTime() } };
  }

  return {
    readAccount,
    async openSignIn(accountId, command) {
      return await report(accountId, await openSignIn(db, accountId, command));
    },
    async expireSignIn(accountId) {
      await expireSignIn(db, accountId);
      return await readAccount(accountId);
    },
    async pauseAccount(accountId, { actor, ...command }) {
      return await report(accountId, await pauseAccount(db, accountId, actor, command));
    },
    async resumeAccount(accountId, command) {
      return await report(accountId, await resumeAccount(db, accountId, command));
    },
    async keepSignInAlive(accountId) {
      const facts = await findAccountFacts(db, accountId);
      // The application has no sign-in that could expire.
      if (!facts || facts.access === 'application') return;
      const signIn = { accountId, signInNumber: facts.signInNumber };
      try {
        await tokens.get(signIn, { forceRefresh: true });
      } catch (error) {
        if (!isFailure(error, 'CredentialRejected')) throw error;
        await requireSignIn(db, signIn, error);
      }
    },
    async cleanUp(accountId, { actor, ...command }) {
      const removal = await removeAccount(db, accountId, actor, command);
      if (!removal) return { tokensDeleted: true, itemsKept: 0, removedAt: Date.now() };
      return { ...removal, removedAt: removal.removedAt.getTime() };
    },
  };
}
