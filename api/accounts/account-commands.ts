import { addAccount, addSignIn, withdrawAccount, withdrawSignIn } from '../../database/accounts/account-additions.ts';
import {
  type AccountView,
  findAccount,
  findAccountByAddress,
  findAccountRef,
} from '../../database/accounts/account-reads.ts';
import { findAllowedAddresses } from '../../database/accounts/allowed-addresses.ts';
import { findSendingOption } from '../../database/answers/sending-options.ts';
import { violatedConstraint } from '../../database/database-failure.ts';
import { noteTakenBack } from '../../database/write-outcome.ts';
import { accountState } from '../../domain/account-state.ts';
import { isAllowed } from '../../domain/allowed-addresses.ts';
import type { MailboxRef } from '../../temporal/mailboxes.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { Problem } from '../http/problem.ts';
import { valueProblem } from '../http/value-problem.ts';
import { prepareSignIn } from '../sign-in/sign-in-attempt.ts';
import { stateWords } from './account-words.ts';

export interface AccountToAdd {
  readonly address: string;
  /** Who signs in to a shared mailbox. Null, or the mailbox's own address: not shared. */
  readonly signInAs?: string | null | undefined;
  readonly defaultQueueId?: string | undefined;
  readonly backfillDays: number;
}

/** An account that waits for a sign-in at `url`, the link of `token`. */
export interface StartedSignIn {
  readonly account: AccountView;
  readonly url: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Adds an account and starts its workflow. When the workflow cannot be started, the account is withdrawn. */
export async function startAccount(
  dependencies: ApiDependencies,
  actor: string,
  { address, signInAs: entered = null, defaultQueueId, backfillDays }: AccountToAdd,
): Promise<StartedSignIn> {
  const { db, keys, mailboxes } = dependencies;
  await refuseConnected(dependencies, address);
  await refuseNotAllowed(dependencies, address);
  const signInAs = entered === address ? null : entered;
  const { url, token, signIn } = await prepareSignIn(dependencies, { signInAs });
  const account = { address, defaultQueueId, backfillDays, signIn };
  const addition = await addAccount(db, keys, actor, account).catch(async (error: unknown) => {
    if (violatedConstraint(error) === 'accounts_address') await refuseConnected(dependencies, address);
    throw error;
  });
  if (!addition.added) throw queueMissing();
  try {
    await mailboxes.start({ id: addition.id, address });
  } catch (error) {
    await withdrawAccount(db, addition.id);
    noteTakenBack();
    throw error;
  }
  return { account: await getAccount(dependencies, addition.id), url, token, expiresAt: signIn.expiresAt };
}

/** What a repeated sign-in may change of an account; omitted properties stay as they are. */
export interface SignInChanges {
  /** Null: the mailbox is not shared any more, its own user signs in. */
  readonly signInAs?: string | null | undefined;
  /** The new address of a renamed mailbox. */
  readonly address?: string | undefined;
}

/**
 * Starts another sign-in to an account: by another person where the mailbox is shared, under another address where it
 * was renamed, or as a shared mailbox where it became one. Nothing changes until it succeeds, and it succeeds only for
 * the same mailbox. When the workflow cannot be reached, the attempt is withdrawn.
 */
export async function startSignInAgain(
  dependencies: ApiDependencies,
  actor: string,
  accountId: string,
  changes: SignInChanges = {},
): Promise<StartedSignIn> {
  const { db, keys, mailboxes } = dependencies;
  const account = await getAccount(dependencies, accountId);
  const { address = account.address } = changes;
  if (address !== account.address) {
    await refuseConnected(dependencies, address);
    await refuseNotAllowed(dependencies, address);
  }
  const entered = changes.signInAs === undefined ? account.signInAs : changes.signInAs;
  if (account.signInAs !== null && entered === address) throw sharedMailboxItself(address);
  const signInAs = entered === address ? null : entered;
  const ref = { id: accountId, address: account.address };
  const sending = await findSendingOption(db, accountId);
  const forSending = sending?.isInstalled === true && sending.isEnabled;
  const { url, token, signIn } = await prepareSignIn(dependencies, { signInAs, forSending });
  await addSignIn(db, keys, accountId, address === account.address ? signIn : { ...signIn, address });
  try {
    const { id, expiresAt } = signIn;
    await mailboxes.awaitSignIn(ref, { actor, id, signInId: id, expiresAt: expiresAt.getTime() });
  } catch (error) {
    await withdrawSignIn(db, signIn.id);
    throw error;
  }
  return { account: await getAccount(dependencies, accountId), url, token, expiresAt: signIn.expiresAt };
}

/** The account as it is shown. Throws a 404 when it does not exist or is removed. */
export async function getAccount({ db }: Pick<ApiDependencies, 'db'>, id: string): Promise<AccountView> {
  const account = await findAccount(db, id);
  if (!account) throw noSuchAccount();
  return account;
}

/** What commands to the workflow need. Throws a 404 when the account does not exist or is removed. */
export async function getAccountRef({ db }: Pick<ApiDependencies, 'db'>, id: string): Promise<MailboxRef> {
  const ref = await findAccountRef(db, id);
  if (!ref || ref.removed) throw noSuchAccount();
  return { id: ref.id, address: ref.address };
}

async function refuseConnected({ db }: ApiDependencies, address: string): Promise<void> {
  const account = await findAccountByAddress(db, address);
  if (!account) return;
  const { id, signIn, signInAs, enabled, signInReason } = account;
  const words = stateWords(accountState({ signIn, enabled, removed: false }), signInReason);
  throw new Problem(
    'already-connected',
    `${address} is connected already, as account ${id} (${words}${signInAs ? `; ${signInAs} signs in for it` : ''}). ` +
      `To sign in to it again: POST /api/v1/email/accounts/${id}/sign-in.`,
    { facts: { address, accountId: id } },
  );
}

/** Words, and which addresses may be connected, since who adds accounts may read the settings. */
async function refuseNotAllowed({ db }: ApiDependencies, address: string): Promise<void> {
  const allowed = await findAllowedAddresses(db);
  if (isAllowed(address, allowed)) return;
  const named = allowed.slice(0, NAMED_AT_MOST).join(', ');
  const more = allowed.length > NAMED_AT_MOST ? ` and ${allowed.length - NAMED_AT_MOST} more` : '';
  throw new Problem(
    'address-not-allowed',
    `${address} may not be connected: the settings allow ${named}${more}. Change them, or connect another mailbox.`,
    { facts: { address, allowed: [...allowed] }, errors: [valueProblem('/address', 'not-acceptable')] },
  );
}

/** More do not fit in a sentence. */
const NAMED_AT_MOST = 5;

export function noSuchAccount(): Problem {
  return new Problem('no-such-account', 'There is no such account. Take the id from GET /api/v1/email/accounts.');
}

function sharedMailboxItself(address: string): Problem {
  const detail =
    `${address} is a shared mailbox: name a person with access to it, not the mailbox. Where it is not shared any more, ` +
    'give null.';
  return new Problem('shared-mailbox-itself', detail, {
    facts: { address },
    errors: [valueProblem('/signInAs', 'cannot-sign-in')],
  });
}

export function queueMissing(): Problem {
  const detail = 'The default queue does not exist. Take its id from GET /api/v1/queues, or leave it out.';
  return new Problem('queue-missing', detail, { errors: [valueProblem('/defaultQueueId', 'no-queue')] });
}
