import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount, DirectoryTenant } from './entra-directory.ts';
import { EntraError } from './entra-error.ts';
import type { Parameters } from './form-parameters.ts';
import { oidOfLoginHint } from './id-tokens.ts';
import type { Page } from './pages/send-page.ts';
import { accountPickerPage, addressPage, passwordPage, type SignInPlace } from './pages/sign-in-pages.ts';
import type { Prompt } from './parse-authorize-request.ts';
import { readSessionCookie, writeSessionCookie } from './session-cookie.ts';
import type { SessionAccount } from './sessions.ts';

/** The wanted account, and which prompts are allowed. */
export interface SignInWish {
  readonly place: SignInPlace;
  /** Undefined: accounts of any tenant. */
  readonly tenant: DirectoryTenant | undefined;
  readonly loginHint?: string | undefined;
  readonly domainHint?: string | undefined;
  readonly prompt?: Prompt | undefined;
}

/** The signed-in account, or the next page to show. */
export type SignInOutcome = { readonly account: SessionAccount } | { readonly page: Page };

/** A browser request to one of the sign-in pages. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Fields of the posted step; empty when the page is opened. */
  readonly step: Parameters;
}

/**
 * Determines the user with as few prompts as the session allows: none if it holds the wanted account. Throws
 * AADSTS50058 and 16000 where `prompt=none` forbids a prompt.
 */
export function signIn(context: EntraContext, visit: Visit, wish: SignInWish): SignInOutcome {
  const accounts = eligibleAccounts(context, visit, wish);
  const hint = hintedAddress(context, wish.loginHint);
  switch (visit.step.step) {
    case 'address':
      return takeAddress(context, wish, visit.step.address ?? '');
    case 'password':
      return takePassword(context, visit, wish);
    case 'account':
    case 'consent':
      return takeAccount(context, wish, accounts, visit.step.oid ?? '', hint);
    default:
      return begin(context, wish, accounts, hint);
  }
}

function begin(
  context: EntraContext,
  wish: SignInWish,
  accounts: readonly SessionAccount[],
  hint: string | undefined,
): SignInOutcome {
  const hinted = hint === undefined ? undefined : accounts.find(({ user }) => isNamed(user, hint));
  const wanted = hint === undefined && accounts.length === 1 ? accounts[0] : hinted;
  switch (wish.prompt) {
    case 'none':
      if (wanted) return { account: wanted };
      throw hint === undefined && accounts.length > 1 ? new EntraError(16000) : new EntraError(50058);
    case 'login':
      return { page: hint === undefined ? firstPage(context, wish) : askPassword(context, wish, hint) };
    case 'select_account':
      if (accounts.length === 0) break;
      return { page: accountPickerPage(wish.place, accounts, undefined) };
    default:
      if (wanted) return { account: wanted };
  }
  if (accounts.length > 0) return { page: accountPickerPage(wish.place, accounts, hint) };
  return { page: hint === undefined ? firstPage(context, wish) : askPassword(context, wish, hint) };
}

/** The accounts of the browser's session that match the tenant in the path and the domain hint. */
function eligibleAccounts(
  { sessions, directory }: EntraContext,
  { request }: Visit,
  wish: SignInWish,
): SessionAccount[] {
  const hintedTenant = wish.domainHint === undefined ? undefined : directory.findTenant(wish.domainHint);
  return sessions
    .accounts(readSessionCookie(request))
    .filter(({ user }) => !wish.tenant || user.tenantId === wish.tenant.tenantId)
    .filter(({ user }) => !hintedTenant || user.tenantId === hintedTenant.tenantId);
}

/** A login hint is an address or principal name, or the opaque `login_hint` claim of an id_token. */
function hintedAddress({ directory }: EntraContext, hint: string | undefined): string | undefined {
  if (hint === undefined) return undefined;
  const oid = oidOfLoginHint(hint);
  return oid === undefined ? hint : directory.findUser(oid)?.address;
}

function isNamed(user: DirectoryAccount, name: string): boolean {
  const names = [user.address, user.userPrincipalName, ...user.aliases];
  return names.some((known) => known.toLowerCase() === name.toLowerCase());
}

function firstPage({ directory }: EntraContext, wish: SignInWish, problem?: string, address?: string): Page {
  const organisation = wish.domainHint === undefined ? undefined : directory.findTenant(wish.domainHint)?.displayName;
  return addressPage(wish.place, {
    ...(address === undefined ? {} : { address }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(problem === undefined ? {} : { problem }),
  });
}

function askPassword({ directory }: EntraContext, wish: SignInWish, address: string, problem?: string): Page {
  const asksForCode = directory.findUser(address)?.mfaRequired ?? false;
  return passwordPage(wish.place, { address, asksForCode, ...(problem === undefined ? {} : { problem }) });
}

function takeAddress(context: EntraContext, wish: SignInWish, entered: string): SignInOutcome {
  const text = entered.trim();
  // A domain hint identifies the organisation, so that the part before the @ is enough.
  const address = text.includes('@') || wish.domainHint === undefined ? text : `${text}@${wish.domainHint}`;
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) {
    return { page: firstPage(context, wish, 'Enter a valid email address.', text) };
  }
  if (!findOrCreate(context, address)) {
    const problem = "We couldn't find an account with that address (AADSTS50034).";
    return { page: firstPage(context, wish, problem, address) };
  }
  return { page: askPassword(context, wish, address) };
}

function takePassword(context: EntraContext, { request, reply, step }: Visit, wish: SignInWish): SignInOutcome {
  const { address = '', password = '', code = '' } = step;
  const user = findOrCreate(context, address);
  const again = (problem: string) => ({ page: askPassword(context, wish, address, problem) });
  if (!user)
    return { page: firstPage(context, wish, "We couldn't find an account with that address (AADSTS50034).", address) };
  if (password === '') return again('Please enter your password.');
  if (password === 'wrong') return again('Your account or password is incorrect (AADSTS50126).');
  if (!user.enabled)
    return again('Your account has been locked. Contact your support person to unlock it (AADSTS50057).');
  if (user.mfaRequired && !/^\d{6}$/.test(code))
    return again('Enter the six digits of your authenticator app (AADSTS50076).');
  const { cookie, account } = context.sessions.signIn(readSessionCookie(request), user, user.mfaRequired);
  writeSessionCookie(request, reply, cookie);
  return { account };
}

function takeAccount(
  context: EntraContext,
  wish: SignInWish,
  accounts: readonly SessionAccount[],
  choice: string,
  hint: string | undefined,
): SignInOutcome {
  if (choice === 'hinted' && hint !== undefined) return { page: askPassword(context, wish, hint) };
  const account = accounts.find(({ user }) => user.oid === choice);
  return account ? { account } : { page: firstPage(context, wish) };
}

/** The user of an address, created if its tenant creates users on first use. */
export function findOrCreate({ directory }: EntraContext, address: string): DirectoryAccount | undefined {
  const found = directory.findUser(address);
  if (found || !directory.tenantOfAddress(address.toLowerCase()).createsUsersOnFirstUse) return found;
  try {
    return directory.ensureUser(address);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Repeats the password prompt, with a second factor, for an account that signed in without one. */
export function askSecondFactor(context: EntraContext, wish: SignInWish, user: DirectoryAccount): Page {
  return askPassword(context, wish, user.userPrincipalName, 'Your organization needs a second factor (AADSTS50076).');
}
