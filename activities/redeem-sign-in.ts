import { Context } from '@temporalio/activity';
import { findAccountFacts } from '../database/account-life.ts';
import { completeSignIn, findPendingSignIn, type PendingSignIn, refuseSignIn } from '../database/sign-ins.ts';
import { accountState } from '../domain/account-state.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import { foldAddress } from '../domain/fold-address.ts';
import { mailboxKind } from '../domain/mailbox-kind.ts';
import { acquireAccessToken } from '../graph/access-token.ts';
import type { EntraSettings } from '../graph/entra-settings.ts';
import { createMailboxClient } from '../graph/mailbox-client.ts';
import { createSignIn, type RedeemedSignIn } from '../graph/sign-in.ts';
import type { AuthenticateResult } from '../workflows/contract.ts';
import { asActivityFailure } from './activity-failure.ts';
import type { Dependencies } from './dependencies.ts';
import { insteadOfLook } from './instead-of-look.ts';
import { getSettings } from './mailbox-access.ts';

/**
 * Redeems the code that an attempt to sign in brought back, and connects the account: tokens, identity and state in one
 * transaction. Who signed in must be who was entered, by any of that person's addresses; a shared mailbox must let that
 * person read its inbox.
 *
 * A refusal is an answer, not an error: the attempt ends, the account stays as it was. Throws Unavailable and Throttled
 * while the provider cannot be reached; the code then waits for the next attempt of the activity.
 */
export function createRedeemSignIn(dependencies: Dependencies) {
  const { db, keys, cloud } = dependencies;
  const signIn = createSignIn(cloud);

  async function stateOf(accountId: string) {
    const facts = await findAccountFacts(db, accountId);
    return facts ? accountState(facts) : 'removed';
  }

  /** `onSignedIn` is told who signed in as soon as that is known. */
  async function redeem(
    pending: PendingSignIn,
    signal: AbortSignal,
    onSignedIn: (username: string) => void,
  ): Promise<void> {
    const settings = await getSettings(dependencies);
    const { code, codeVerifier, nonce, redirectUri } = pending;
    const mailbox = mailboxKind(pending.signInAs);
    const redeemed = await signIn.redeem({ settings, redirectUri, code, codeVerifier, nonce, mailbox, signal });
    onSignedIn(redeemed.identity.username);
    const { tokenCache, clockSkewMs } = await proveMailbox(settings, pending, redeemed, signal);
    const stored = await completeSignIn(db, keys, pending, {
      tokenCache,
      identity: redeemed.identity,
      clockSkewMs,
    });
    if (!stored) throw new Failure('MailboxGone', 'The account was removed meanwhile', { reason: 'mailbox-not-found' });
  }

  /**
   * Reads with the new tokens who signed in, and in a shared mailbox. Throws `wrong-account` when somebody else was
   * entered, `mailbox-access-denied` when that person may not read the mailbox.
   */
  async function proveMailbox(
    settings: EntraSettings,
    { accountId, address, signInAs }: Pick<PendingSignIn, 'accountId' | 'address' | 'signInAs'>,
    { tokenCache, identity }: RedeemedSignIn,
    signal: AbortSignal,
  ) {
    let cache = tokenCache;
    const store = {
      read: async () => ({ cache, version: 1, mailbox: mailboxKind(signInAs) }),
      write: async (changed: string) => {
        cache = changed;
        return true;
      },
    };
    const mailbox = createMailboxClient({
      cloud,
      sharedAddress: signInAs === null ? undefined : address,
      getAccessToken: async (options) =>
        (await acquireAccessToken({ cloud, settings, store, signal, ...options })).token,
    });
    const { addresses } = await mailbox.readIdentity(signal);
    const expected = signInAs ?? address;
    if (!addresses.includes(expected) && foldAddress(identity.username) !== expected) {
      throw new Failure('CredentialRejected', 'Another account signed in', { reason: 'wrong-account' });
    }
    if (signInAs !== null) {
      await insteadOfLook(dependencies, { accountId, signal }, () => mailbox.proveAccess(signal));
    }
    return { tokenCache: cache, clockSkewMs: mailbox.clockSkewMs() ?? 0 };
  }

  return async function redeemSignIn(accountId: string, signInId: string): Promise<AuthenticateResult> {
    const pending = await findPendingSignIn(db, keys, signInId);
    if (!pending || pending.accountId !== accountId) {
      // The answer of an attempt that was redeemed by an earlier try of this activity got lost on its way.
      const state = await stateOf(accountId);
      if (state === 'authenticated' || state === 'paused') return { ok: true, state };
      return { ok: false, type: 'CredentialRejected', reason: 'code-expired', state };
    }
    let signedInAs: string | undefined;
    try {
      await redeem(pending, Context.current().cancellationSignal, (username) => {
        signedInAs = username;
      });
      return { ok: true, state: await stateOf(accountId) };
    } catch (error) {
      if (!isFailure(error) || error.type === 'Unavailable' || error.type === 'Throttled')
        throw asActivityFailure(error);
      await refuseSignIn(db, pending, error, signedInAs);
      const { type, reason } = error;
      return { ok: false, type, ...(reason ? { reason } : {}), state: await stateOf(accountId) };
    }
  };
}
