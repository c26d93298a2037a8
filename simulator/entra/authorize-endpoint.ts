import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { adminApprovalNeeded, askConsent, consentNeeded } from './ask-consent.ts';
import type { Authorization } from './authorization.ts';
import { errorFields, returnControl, sendResponse } from './authorization-response.ts';
import { checkAccess } from './check-access.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { EntraError, type ErrorTrace } from './entra-error.ts';
import { formOf, type Parameters, parseParameters, queryOf } from './form-parameters.ts';
import { signIdToken } from './id-tokens.ts';
import { clientInfo } from './issue-tokens.ts';
import { errorPage } from './pages/error-page.ts';
import { sendPage } from './pages/send-page.ts';
import {
  type AuthorizeRequest,
  type AuthorizeTarget,
  parseAuthorizeRequest,
  parseAuthorizeTarget,
} from './parse-authorize-request.ts';
import { originOf, sendTrace, traceOf } from './request-facts.ts';
import { readSessionCookie, writeSessionCookie } from './session-cookie.ts';
import type { SessionAccount } from './sessions.ts';
import { ShownRefusal, showToPerson } from './shown-refusal.ts';
import { askSecondFactor, findOrCreate, type SignInWish, signIn } from './sign-in.ts';
import { readSignInMode, type SignInMode } from './sign-in-mode.ts';

type AuthorizeRoute = { Params: { tenant: string } };

/** `GET` and `POST /{tenant}/oauth2/v2.0/authorize`. The pages post their steps to the address that opened them. */
export function registerAuthorizeEndpoint(app: FastifyInstance, context: EntraContext): void {
  app.route<AuthorizeRoute>({
    method: ['GET', 'POST'],
    url: '/:tenant/oauth2/v2.0/authorize',
    handler: (request, reply) => authorize(context, request, reply),
  });
}

async function authorize(
  context: EntraContext,
  request: FastifyRequest<AuthorizeRoute>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let trace = traceOf(request);
  let target: AuthorizeTarget | undefined;
  try {
    const { parameters, step } = readRequest(request);
    trace = traceOf(request, parameters);
    sendTrace(reply, trace);
    const origin = originOf(request);
    target = parseAuthorizeTarget(context, request.params.tenant, parameters, origin);
    const wanted = parseAuthorizeRequest(target, parameters, origin);
    const wish = wishOf(request, parameters, target, wanted);
    return await proceed(context, { visit: { request, reply, step }, target, wanted, wish, origin });
  } catch (error) {
    if (error instanceof ShownRefusal && target) return sendRefusalPage(reply, target, error.refusal, trace);
    if (!(error instanceof EntraError)) throw error;
    if (target) return sendResponse(reply, target, errorFields(error, trace));
    return sendPage(reply, errorPage(error, trace));
  }
}

/** The parameters come in the query or in a form; a form with a `step` comes from one of our own pages. */
function readRequest(request: FastifyRequest): { parameters: Parameters; step: Parameters } {
  const query = parseParameters(queryOf(request.url));
  const form = formOf(request);
  return form.step === undefined ? { parameters: { ...query, ...form }, step: {} } : { parameters: query, step: form };
}

function wishOf(
  request: FastifyRequest<AuthorizeRoute>,
  parameters: Parameters,
  target: AuthorizeTarget,
  wanted: AuthorizeRequest,
): SignInWish {
  const query = new URLSearchParams(parameters as Record<string, string>).toString();
  const action = `/${encodeURIComponent(request.params.tenant)}/oauth2/v2.0/authorize?${query}`;
  return {
    place: { action, appName: target.app.displayName, leadsTo: target.redirectUri },
    tenant: target.tenant,
    loginHint: wanted.loginHint,
    domainHint: wanted.domainHint,
    prompt: wanted.prompt,
  };
}

async function proceed(context: EntraContext, authorization: Authorization): Promise<FastifyReply> {
  const mode = readSignInMode(context.database);
  const automatic = answerForPerson(context, authorization, mode);
  if (automatic) return complete(context, authorization, automatic);

  const { visit, target, wanted, wish } = authorization;
  const outcome = signIn(context, visit, wish);
  if ('page' in outcome) return sendPage(visit.reply, outcome.page);
  const { account } = outcome;
  const silent = wanted.prompt === 'none';
  showToPerson(silent, () => checkUser(context, target, account, silent));
  if (account.user.mfaRequired && !account.mfa)
    return sendPage(visit.reply, askSecondFactor(context, wish, account.user));
  const question = askConsent(context, authorization, account.user);
  if (question) return sendPage(visit.reply, question);
  return complete(context, authorization, account);
}

/** Answers in place of the user, as the sign-in mode says; undefined shows the pages. */
function answerForPerson(
  context: EntraContext,
  { visit, target, wanted }: Authorization,
  mode: SignInMode,
): SessionAccount | undefined {
  if (mode.mode === 'interactive') return undefined;
  if (mode.mode === 'deny') throw new EntraError(65004, {}, { subcode: 'cancel' });
  if (mode.mode === 'admin-approval') throw adminApprovalNeeded(context, target, wanted);
  const cookie = readSessionCookie(visit.request);
  const address = mode.as ?? wanted.loginHint ?? context.sessions.accounts(cookie)[0]?.user.address;
  if (address === undefined) return undefined;
  const user = findOrCreate(context, address);
  if (!user) throw new EntraError(50034, { tenant: target.tenant?.displayName ?? 'common' });
  checkUser(context, target, { user, mfa: true }, true);
  const { missing, mayConsent } = consentNeeded(context, target, wanted, user);
  if (missing.length > 0 && !mayConsent) throw adminApprovalNeeded(context, target, wanted);
  context.consents.giveAsUser(target.app.clientId, user.tenantId, user.oid, missing);
  const signedIn = context.sessions.signIn(cookie, user, true);
  writeSessionCookie(visit.request, visit.reply, signedIn.cookie);
  return signedIn.account;
}

function checkUser(
  context: EntraContext,
  { app, tenant }: AuthorizeTarget,
  { user, mfa }: { user: DirectoryAccount; mfa: boolean },
  silent: boolean,
): void {
  if (tenant && user.tenantId !== tenant.tenantId) {
    const provider = context.directory.findTenant(user.tenantId)?.displayName ?? user.tenantId;
    throw new EntraError(50020, {
      user: user.userPrincipalName,
      provider,
      tenant: tenant.displayName,
      clientId: app.clientId,
      app: app.displayName,
    });
  }
  checkAccess(context, app, user, { mfa, place: silent ? 'redirect' : 'page' });
}

async function complete(
  context: EntraContext,
  { visit, target, wanted, origin }: Authorization,
  { user, sessionId, mfa, authenticatedAt }: SessionAccount,
): Promise<FastifyReply> {
  const { app } = target;
  const fields: Record<string, string> = {};
  if (wanted.responseTypes.has('code')) {
    fields.code = context.codes.issue({
      clientId: app.clientId,
      tenantId: user.tenantId,
      oid: user.oid,
      redirectUri: target.redirectUri,
      scope: wanted.scope,
      nonce: wanted.nonce,
      codeChallenge: wanted.codeChallenge,
      codeChallengeMethod: wanted.codeChallengeMethod,
      claims: wanted.claims,
      sessionId,
      mfa,
      authenticatedAt,
      generation: user.generation,
    });
  }
  if (wanted.responseTypes.has('id_token')) {
    const { permissions, nonce, claims } = wanted;
    const content = { app, user, permissions, sessionId, authenticatedAt, nonce, claims, code: fields.code };
    fields.id_token = await signIdToken(context.accessTokens.keys, origin, content);
  }
  if (wanted.withClientInfo) fields.client_info = clientInfo(user);
  fields.session_state = sessionId;
  return sendResponse(visit.reply, target, fields);
}

function sendRefusalPage(
  reply: FastifyReply,
  target: AuthorizeTarget,
  refusal: EntraError,
  trace: ErrorTrace,
): FastifyReply {
  const wayBack = returnControl(target, errorFields(refusal, trace));
  return sendPage(reply, errorPage(refusal, trace, wayBack, target.redirectUri));
}
