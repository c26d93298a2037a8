import {
  expireSignIn,
  findAccountFacts,
  openSignIn,
  pauseAccount,
  removeAccount,
  requireSignIn,
  resumeAccount,
} from '../database/account-life.ts';
import { isFailure } from '../domain/failure.ts';
import type { AccountReading, MailboxActivities } from './contract.ts';
import type { Dependencies } from './dependencies.ts';

type AccountCommands = Omit<
  MailboxActivities,
  'drain' | 'reconcile' | 'redeemSignIn' | 'keepSubscription' | 'endSubscription' | 'countMissedMail'
>;

/** What changes an account's row, each answered with the account as it is afterwards. Safe to repeat. */
export function createAccountCommands(dependencies: Dependencies): AccountCommands {
  const { db, tokens, drainHeartbeatTimeoutMs } = dependencies;

  async function readAccount(accountId: string): Promise<AccountReading> {
    const facts = await findAccountFacts(db, accountId);
    if (!facts) {
      const gone = { signIn: 'awaiting', enabled: false, removed: true, subscribed: false } as const;
      return { ...gone, subscriptionDueAt: 0, reconcileDueAt: 0, drainHeartbeatTimeoutMs };
    }
    const { signInExpiresAt, subscriptionDueAt, reconcileDueAt, signInNumber: _, ...rest } = facts;
    return {
      ...rest,
      subscriptionDueAt: subscriptionDueAt.getTime(),
      reconcileDueAt: reconcileDueAt.getTime(),
      ...(signInExpiresAt ? { signInExpiresAt: signInExpiresAt.getTime() } : {}),
      drainHeartbeatTimeoutMs,
    };
  }

  return {
    readAccount,
    async openSignIn(accountId, { actor }) {
      await openSignIn(db, accountId, actor);
      return await readAccount(accountId);
    },
    async expireSignIn(accountId) {
      await expireSignIn(db, accountId);
      return await readAccount(accountId);
    },
    async pauseAccount(accountId, { actor }) {
      await pauseAccount(db, accountId, actor);
      return await readAccount(accountId);
    },
    async resumeAccount(accountId, { actor, mode }) {
      await resumeAccount(db, accountId, { actor, mode });
      return await readAccount(accountId);
    },
    async keepSignInAlive(accountId) {
      const facts = await findAccountFacts(db, accountId);
      if (!facts) return;
      const signIn = { accountId, signInNumber: facts.signInNumber };
      try {
        await tokens.get(signIn, { forceRefresh: true });
      } catch (error) {
        if (!isFailure(error, 'CredentialRejected')) throw error;
        await requireSignIn(db, signIn, error);
      }
    },
    async cleanUp(accountId, { actor }) {
      const receipt = await removeAccount(db, accountId, actor);
      if (!receipt) return { tokensDeleted: true, itemsKept: 0, removedAt: Date.now() };
      const { tokensDeleted, itemsKept, removedAt } = receipt;
      return { tokensDeleted, itemsKept, removedAt: removedAt.getTime() };
    },
  };
}
