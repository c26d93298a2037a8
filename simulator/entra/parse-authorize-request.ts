import { RESPONSE_MODES, type ResponseMode, type ResponseTarget } from './authorization-response.ts';
import type { App } from './create-apps.ts';
import { DEVICE_ANSWER_PATH } from './device-endpoints.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryTenant } from './entra-directory.ts';
import { EntraError } from './entra-error.ts';
import type { Parameters } from './form-parameters.ts';
import { matchesRedirectUri } from './match-redirect-uri.ts';
import { effectivePermissions, parseScope } from './parse-scope.ts';
import { checkAppInTenant, getApp, resolveTenant } from './resolve-tenant.ts';

const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** The parameters that must be valid before anything is sent to the redirect URI. */
export interface AuthorizeTarget extends ResponseTarget {
  readonly app: App;
  /** Undefined on `common` and `organizations`. */
  readonly tenant: DirectoryTenant | undefined;
}

export interface AuthorizeRequest {
  readonly responseTypes: ReadonlySet<string>;
  readonly scope: string;
  /** Short names; `.default` is already replaced by the app's registered permissions. */
  readonly permissions: readonly string[];
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly codeChallengeMethod: string | undefined;
  readonly prompt: Prompt | undefined;
  readonly loginHint: string | undefined;
  readonly domainHint: string | undefined;
  readonly claims: string | undefined;
  readonly withClientInfo: boolean;
}

/**
 * Reads tenant, app and redirect URI. Errors in them are shown on a page and never sent to the redirect URI:
 * AADSTS90002, 900144, 700016, 7000112, 50194, 50011.
 */
export function parseAuthorizeTarget(
  { apps, deviceCodes, directory }: EntraContext,
  segment: string,
  parameters: Parameters,
  origin: string,
): AuthorizeTarget {
  const tenant = resolveTenant(directory, segment);
  if (!parameters.client_id) throw new EntraError(900144, { name: 'client_id' });
  const app = getApp(apps.find, parameters.client_id, tenant?.displayName ?? segment);
  checkAppInTenant(app, tenant);
  // An app with one redirect URI may omit it (RFC 6749 section 3.1.2.3).
  const redirectUri = parameters.redirect_uri ?? (app.redirectUris.length === 1 ? app.redirectUris[0] : undefined);
  if (redirectUri === undefined) throw new EntraError(900144, { name: 'redirect_uri' });
  const isForDevice =
    redirectUri === `${origin}${DEVICE_ANSWER_PATH}` &&
    deviceCodes.findWaiting(parameters.state ?? '')?.clientId === app.clientId;
  if (!isForDevice && !matchesRedirectUri(app.redirectUris, redirectUri)) {
    throw new EntraError(50011, { redirectUri, clientId: app.clientId });
  }
  return { app, tenant, redirectUri, responseMode: responseModeOf(parameters), state: parameters.state };
}

/**
 * Without `response_mode`, tokens come in the fragment and a code alone in the query. An unknown mode is refused later.
 */
function responseModeOf(parameters: Parameters): ResponseMode {
  const asked = RESPONSE_MODES.find((mode) => mode === parameters.response_mode);
  return asked ?? (parameters.response_type?.includes('id_token') ? 'fragment' : 'query');
}

/**
 * Reads the rest. Errors in it go back to the app: AADSTS900144, 90023, 700051, 700054, 50147, 70011, 500011, 650053.
 */
export function parseAuthorizeRequest(
  target: AuthorizeTarget,
  parameters: Parameters,
  origin: string,
): AuthorizeRequest {
  const { app, tenant } = target;
  const { response_mode: mode, code_challenge: codeChallenge } = parameters;
  if (!parameters.response_type) throw new EntraError(900144, { name: 'response_type' });
  if (!parameters.scope) throw new EntraError(900144, { name: 'scope' });
  const responseTypes = responseTypesOf(parameters.response_type, app);
  if (mode !== undefined && !RESPONSE_MODES.some((known) => known === mode)) {
    throw new EntraError(90023, { detail: 'The value of response_mode is not supported.' });
  }
  if (responseTypes.has('id_token')) {
    if (mode === 'query')
      throw new EntraError(90023, { detail: 'An id_token cannot be returned with response_mode query.' });
    if (!parameters.nonce) throw new EntraError(900144, { name: 'nonce' });
  }
  if (codeChallenge !== undefined && !/^[\w.~-]{43,128}$/.test(codeChallenge)) throw new EntraError(50147);
  const codeChallengeMethod = codeChallenge === undefined ? undefined : (parameters.code_challenge_method ?? 'plain');
  if (codeChallengeMethod !== undefined && !['plain', 'S256'].includes(codeChallengeMethod)) {
    throw new EntraError(90023, { detail: 'The value of code_challenge_method is not supported.' });
  }
  const prompt = parameters.prompt === undefined ? undefined : PROMPTS.find((known) => known === parameters.prompt);
  if (parameters.prompt && prompt === undefined) {
    throw new EntraError(90023, { detail: 'The value of prompt is not supported.' });
  }
  const scope = parseScope(parameters.scope, origin, {
    app: app.displayName,
    tenant: tenant?.displayName ?? 'common',
  });
  return {
    responseTypes,
    scope: parameters.scope,
    permissions: effectivePermissions(scope, app.delegatedPermissions),
    nonce: parameters.nonce,
    codeChallenge,
    codeChallengeMethod,
    prompt,
    loginHint: parameters.login_hint?.trim() || undefined,
    domainHint: parameters.domain_hint?.trim().toLowerCase() || undefined,
    claims: parameters.claims,
    withClientInfo: parameters.client_info === '1',
  };
}

function responseTypesOf(text: string, app: App): ReadonlySet<string> {
  const types = new Set(text.split(' ').filter((type) => type !== ''));
  if (types.has('token')) throw new EntraError(700051);
  if ([...types].some((type) => type !== 'code' && type !== 'id_token')) {
    throw new EntraError(
      90023,
      { detail: 'The value of response_type is not supported.' },
      { error: 'unsupported_response_type' },
    );
  }
  if (types.has('id_token') && !app.idTokensFromAuthorize) throw new EntraError(700054);
  return types;
}
