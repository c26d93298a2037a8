import { Context } from '@temporalio/activity';
import type { AuthenticateResult } from '../contract/mailbox.ts';
import { findAccountFacts } from '../database/accounts/account-facts.ts';
import { findAllowedAddresses } from '../database/accounts/allowed-addresses.ts';
import { getSettings } from '../database/accounts/settings.ts';
import {
  type ConnectedMailbox,
  completeSignIn,
  findPendingSignIn,
  findSignInEnd,
  type PendingSignIn,
  refuseSignIn,
} from '../database/sign-in/sign-ins.ts';
import { accountState } from '../domain/account-state.ts';
import { isAllowed } from '../domain/allowed-addresses.ts';
import { Failure, failureReasons, isFailure } from '../domain/failure.ts';
import { foldAddress } from '../domain/fold-address.ts';
import { mailboxKind } from '../domain/mailbox-kind.ts';
import { acquireAccessToken } from '../graph/entra/access-token.ts';
import type { EntraSettings } from '../graph/entra/entra-settings.ts';
import { createSignIn, type RedeemedSignIn } from '../graph/entra/sign-in.ts';
import type { SignInIdentity } from '../graph/entra/sign-in-identity.ts';
import { createMailboxClient, type MailboxClient } from '../graph/mail/mailbox-client.ts';
import type { Dependencies } from '../ingest/dependencies.ts';

interface RedeemOptions {
  readonly signal: AbortSignal;
  readonly onSignedIn: (username: string) => void;
  readonly onConnected: (accountId: string) => void;
}

/**
 * Redeems the code that a sign-in attempt returned, and connects the account: tokens, identity and state in one
 * transaction. The person who signed in must be the person who was entered, by any of that person's addresses; for a
 * shared mailbox, that person must be able to read its inbox.
 *
 * A refusal is an answer, not an error: the attempt ends and the account stays as it was. Throws Unavailable and
 * Throttled while the provider cannot be reached; the code then waits for the next attempt of the activity.
 */
export function createRedeemSignIn(dependencies: Dependencies) {
  const { db, keys, cloud } = dependencies;
  const signIn = createSignIn(cloud);

  async function stateOf(accountId: string) {
    const facts = await findAccountFacts(db, accountId);
    return facts ? accountState(facts) : 'removed';
  }

  /** The result of an attempt that has ended, by its row. */
  async function endOf(accountId: string, signInId: string): Promise<AuthenticateResult> {
    const [state, end] = [await stateOf(accountId), await findSignInEnd(db, signInId)];
    if (end ? end.isConnected : state === 'authenticated' || state === 'paused') return { ok: true, state };
    const reason = failureReasons.find((known) => known === end?.failureReason) ?? 'code-expired';
    return { ok: false, type: 'CredentialRejected', reason, state };
  }

  /**
   * `onSignedIn` receives the person as soon as that is known; `onConnected` the account that already has the mailbox.
   */
  async function redeem(pending: PendingSignIn, { signal, onSignedIn, onConnected }: RedeemOptions): Promise<void> {
    const settings = await getSettings(db, keys, dependencies.certificate);
    const { code, codeVerifier, nonce, redirectUri } = pending;
    const mailbox = mailboxKind(pending.signInAs);
    const { forSending } = pending;
    const redeemed = await signIn.redeem({
      settings,
      redirectUri,
      code,
      codeVerifier,
      nonce,
      mailbox,
      forSending,
      signal,
    });
    onSignedIn(redeemed.identity.username);
    const { identity } = redeemed;
    const end = await completeSignIn(db, keys, pending, {
      ...(await proveMailbox(settings, pending, redeemed, signal)),
      identity,
      maySend: redeemed.maySend,
    });
    if (end.stored) return;
    if (end.connectedAs !== undefined) {
      onConnected(end.connectedAs);
      throw new Failure('CredentialRejected', 'Another account reads this mailbox', { reason: 'mailbox-connected' });
    }
    throw new Failure('MailboxGone', 'The account was removed meanwhile', { reason: 'mailbox-not-found' });
  }

  /**
   * Reads with the new tokens who signed in, and to which mailbox. The object id identifies a person whose own address
   * changed. Throws `wrong-account` when another person was entered, `mailbox-access-denied` when the person may not
   * read the mailbox, `other-mailbox` when the account belonged to another mailbox until now.
   */
  async function proveMailbox(
    settings: EntraSettings,
    { address: entered, signInAs, account }: PendingSignIn,
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
      sharedAddress: signInAs === null ? undefined : entered,
      getAccessToken: async (options) =>
        (await acquireAccessToken({ cloud, settings, store, signal, ...options })).token,
    });
    const { addresses } = await mailbox.readIdentity(signal);
    const expected = signInAs ?? entered;
    const isExpected = addresses.includes(expected) || foldAddress(identity.username) === expected;
    if (!isExpected && !(signInAs === null && isSamePerson(account, identity))) {
      throw new Failure('CredentialRejected', 'Another account signed in', { reason: 'wrong-account' });
    }
    const address = isExpected ? entered : (addresses[0] ?? entered);
    const isChanged =
      address !== account.address ||
      (signInAs === null) !== (account.signInAs === null) ||
      account.access === 'application';
    // An account that is connected goes on; a limit counts for what is new of it.
    const isConnected = account.identityObjectId !== null || account.access === 'application';
    const isNew = !isConnected || address !== account.address;
    if (isNew && !isAllowed(address, await findAllowedAddresses(db))) {
      throw new Failure('CredentialRejected', 'The mailbox may not be connected', { reason: 'address-not-allowed' });
    }
    const mustKnow = signInAs !== null || isChanged;
    const inboxId = await (mustKnow ? mailbox.readInboxId(signal) : readInboxIdIfPossible(mailbox, signal));
    if (isChanged && account.inboxId !== null && account.inboxId !== inboxId) {
      throw new Failure('CredentialRejected', 'The account is another mailbox', { reason: 'other-mailbox' });
    }
    return { tokenCache: cache, address, inboxId, clockSkewMs: mailbox.clockSkewMs() ?? 0 };
  }

  return async function redeemSignIn(accountId: string, signInId: string): Promise<AuthenticateResult> {
    const pending = await findPendingSignIn(db, keys, signInId);
    if (!pending || pending.accountId !== accountId) {
      // An earlier attempt redeemed or refused it, and its answer was lost.
      return await endOf(accountId, signInId);
    }
    let signedInAs: string | undefined;
    let connectedAs: string | undefined;
    try {
      await redeem(pending, {
        signal: Context.current().cancellationSignal,
        onSignedIn: (username) => {
          signedInAs = username;
        },
        onConnected: (otherId) => {
          connectedAs = otherId;
        },
      });
      return { ok: true, state: await stateOf(accountId) };
    } catch (error) {
      if (!isFailure(error) || error.type === 'Unavailable' || error.type === 'Throttled') throw error;
      // Of two concurrent attempts, one redeemed the code and Entra refused it to the other.
      if (!(await refuseSignIn(db, pending, error, { signedInAs, connectedAs })))
        return await endOf(accountId, signInId);
      const { type, reason, code, status, requestId, clockSkewMs } = error;
      return { ok: false, type, reason, code, status, requestId, clockSkewMs, state: await stateOf(accountId) };
    }
  };
}

function isSamePerson(
  { signInAs, identityTenantId, identityObjectId }: ConnectedMailbox,
  { tenantId, objectId }: SignInIdentity,
): boolean {
  return signInAs === null && identityTenantId === tenantId && identityObjectId === objectId;
}

/** A mailbox that cannot be read yet is connected all the same, and says so: its drains read the id later. */
async function readInboxIdIfPossible(mailbox: MailboxClient, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await mailbox.readInboxId(signal);
  } catch (error) {
    if (isFailure(error)) return undefined;
    throw error;
  }
}
