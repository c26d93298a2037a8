import type { JWTPayload } from 'jose';
import * as client from 'openid-client';
import { ConfigProblem } from '../../config/config-problem.ts';
import type { OidcConfig } from '../../config/environment.ts';
import { isLoopback } from '../../config/loopback.ts';
import type { ProviderIdentity } from '../../database/people/admit-user.ts';
import { Problem } from '../http/problem.ts';
import { isClaimMissing } from './claim-values.ts';
import { createClientKey } from './client-key.ts';
import { type ClientProof, isUnknownClient } from './client-proof.ts';
import { createClientSecret } from './client-secret.ts';
import { hasAddress, identityOf } from './identity.ts';
import { SignOnRefused } from './sign-on-refused.ts';
import { createIdTokenVerification, createTokenVerification, type TokenVerification } from './verify-id-token.ts';
import { type EndedAtProvider, verifyLogoutToken } from './verify-logout-token.ts';

/** Stored on our side while a person is at the provider. */
export interface SignOnChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface BegunSignOn extends SignOnChecks {
  readonly url: string;
}

/** What a person has to prove who has signed in already. */
export interface StepUp {
  /** How old the proof may be. */
  readonly maxAgeSeconds: number;
  /** How it is to be made, in the provider's words; undefined: anyhow. */
  readonly acr: string | undefined;
}

export interface FinishedSignOn {
  readonly identity: ProviderIdentity;
  /** Of the id token, completed by UserInfo. */
  readonly claims: JWTPayload;
  /** True: UserInfo refused to say what the id token does not have. */
  readonly isClaimUnknown: boolean;
  /** When the person proved who they are; undefined: the provider does not say. */
  readonly authenticatedAt: Date | undefined;
  readonly acr: string | undefined;
  readonly idToken: string | undefined;
  /** The provider's name for its session. */
  readonly sid: string | undefined;
}

/** The OpenID Connect provider at which people sign in to Mailroom. */
export interface SignOnProvider {
  readonly issuer: string;
  begin(options: BeginOptions): Promise<BegunSignOn>;
  /**
   * Redeems the code of the callback. Throws SignOnRefused when the provider or a check refuses it. `claim`: one that the
   * caller needs, and that UserInfo is asked for where the id token does not have it.
   */
  finish(callback: URL, checks: SignOnChecks, claim?: string | null): Promise<FinishedSignOn>;
  /** Reads a logout token of the provider. Throws SignOnRefused for any other. */
  readLogoutToken(token: string): Promise<EndedAtProvider>;
  /** The provider's sign-out address; undefined when it has none. */
  signOutUrl(idToken: string | undefined, returnTo: string): Promise<string | undefined>;
}

interface BeginOptions {
  readonly loginHint?: string | undefined;
  readonly chooseAccount: boolean;
  readonly claim?: string | null;
  readonly stepUp?: StepUp | undefined;
}

/** Claims that are scopes of their own at some providers, such as Okta. */
const CLAIM_SCOPES = ['groups', 'roles'];
/** Between the provider's clock and ours. */
const CLOCK_TOLERANCE_SECONDS = 60;
const MOST_ACR_CHARACTERS = 200;

/** A person waits for the page. */
const PROVIDER_TIMEOUT_SECONDS = 10;

/**
 * Prepares a provider. Nothing is requested from it before the first sign-in; a failed request is repeated at the next
 * one. Throws ConfigProblem for an unusable issuer.
 */
export function createSignOnProvider(oidc: OidcConfig, redirectUri: string): SignOnProvider {
  checkIssuer(oidc.issuer);
  const issuer = new URL(oidc.issuer);
  const insecure = issuer.protocol === 'http:';
  const proof = clientProofOf(oidc);
  let configuration: Promise<client.Configuration> | undefined;
  let verification: TokenVerification | undefined;

  /** Throws for errors of openid-client and of the network alike: the provider is unreachable, or not set up for us. */
  async function discover(): Promise<client.Configuration> {
    configuration ??= client.discovery(issuer, oidc.clientId, undefined, proof.authentication, {
      timeout: PROVIDER_TIMEOUT_SECONDS,
      // Plain http only to this machine: checkIssuer ensures it.
      ...(insecure ? { execute: [client.allowInsecureRequests] } : {}),
    });
    try {
      return await configuration;
    } catch (cause) {
      configuration = undefined;
      throw new Problem(
        'identity-provider-unknown',
        'The identity provider does not answer, or knows no such issuer. Try again in a moment. If this persists, check OIDC_ISSUER.',
        { cause },
      );
    }
  }

  /** Uses the provider's keys, which are read when the first token arrives. */
  function verifier(configured: client.Configuration): TokenVerification {
    const keys = URL.parse(configured.serverMetadata().jwks_uri ?? '');
    if (keys === null || (keys.protocol !== 'https:' && !(insecure && isLoopback(keys.hostname)))) {
      throw new SignOnRefused('unusable-answer');
    }
    verification ??= createTokenVerification(keys);
    return verification;
  }

  /** The provider's UserInfo: many return the address only here. */
  async function askUserInfo(configured: client.Configuration, accessToken: string, subject: string | undefined) {
    if (subject === undefined || configured.serverMetadata().userinfo_endpoint === undefined) return {};
    return await client.fetchUserInfo(configured, accessToken, subject).catch((error: unknown) => {
      throw asRefusal(error);
    });
  }

  return {
    issuer: oidc.issuer,

    async begin({ loginHint, chooseAccount, claim, stepUp }) {
      const state = client.randomState();
      const nonce = client.randomNonce();
      const codeVerifier = client.randomPKCECodeVerifier();
      const configured = await discover();
      const metadata = configured.serverMetadata();
      const isScope = CLAIM_SCOPES.some((each) => each === claim) && metadata.scopes_supported?.includes(claim ?? '');
      const url = client.buildAuthorizationUrl(configured, {
        redirect_uri: redirectUri,
        scope: isScope ? `openid profile email ${claim}` : 'openid profile email',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
        ...(chooseAccount ? { prompt: 'select_account' } : {}),
        ...(stepUp && askAgain(stepUp)),
      });
      return { url: url.href, state, nonce, codeVerifier };
    },

    async finish(callback, { state, nonce, codeVerifier }, claim = null) {
      const configured = await discover();
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      };
      const tokens = await proof
        .run(() => client.authorizationCodeGrant(configured, callback, checks))
        .catch((error: unknown) => {
          throw asRefusal(error);
        });
      const { id_token: idToken, access_token: accessToken } = tokens;
      if (idToken === undefined) throw new SignOnRefused('unusable-answer');
      const verify = createIdTokenVerification(verifier(configured));
      const claims = await verify(idToken, {
        issuer: configured.serverMetadata().issuer,
        audience: oidc.clientId,
        nonce,
      });
      const lacksAddress = !hasAddress(claims);
      const lacksClaim = claim !== null && isClaimMissing(claims, claim);
      const info = lacksAddress || lacksClaim ? askUserInfo(configured, accessToken, claims.sub) : {};
      // Without an address there is no sign-in; without the claim there is none but the last administrator's.
      const found = lacksAddress ? await info : await Promise.resolve(info).catch(unlessRefused);
      const person = { ...found, ...claims };
      const { sid, acr } = claims;
      return {
        identity: identityOf(person, oidc.issuer),
        claims: person,
        isClaimUnknown: found === undefined,
        idToken,
        sid: isText(sid) ? sid : undefined,
        authenticatedAt: momentOf(claims.auth_time),
        acr: isText(acr) && acr.length <= MOST_ACR_CHARACTERS ? acr : undefined,
      };
    },

    async readLogoutToken(token) {
      const configured = await discover();
      const { issuer } = configured.serverMetadata();
      return await verifyLogoutToken(verifier(configured), token, { issuer, audience: oidc.clientId });
    },

    async signOutUrl(idToken, returnTo) {
      const configured = await discover().catch(() => undefined);
      if (!configured?.serverMetadata().end_session_endpoint) return undefined;
      return client.buildEndSessionUrl(configured, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === undefined ? {} : { id_token_hint: idToken }),
      }).href;
    },
  };
}

/**
 * `prompt=login` for providers that do not know `max_age`. With `max_age`, they have to say when the person proved who
 * they are (OpenID Connect Core 1.0, section 3.1.2.1); the claims parameter asks those that say it only on request.
 */
function askAgain({ maxAgeSeconds, acr }: StepUp): Record<string, string> {
  return {
    prompt: 'login',
    max_age: String(maxAgeSeconds),
    claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }),
    ...(acr === undefined ? {} : { acr_values: acr }),
  };
}

/** A moment in the future is a wrong one: it would stay recent for too long. */
function momentOf(authTime: unknown): Date | undefined {
  if (typeof authTime !== 'number' || !(authTime > 0)) return undefined;
  const now = Date.now();
  if (authTime * 1_000 > now + CLOCK_TOLERANCE_SECONDS * 1_000) return undefined;
  return new Date(Math.min(authTime * 1_000, now));
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof SignOnRefused)) throw error;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function asRefusal(error: unknown): unknown {
  if (error instanceof client.AuthorizationResponseError) return new SignOnRefused('declined', { cause: error });
  if (isUnknownClient(error)) return new SignOnRefused('client-refused', { cause: error });
  if (error instanceof client.ResponseBodyError) {
    const reason = error.error === 'invalid_grant' ? 'code-expired' : 'client-refused';
    return new SignOnRefused(reason, { cause: error });
  }
  if (error instanceof client.ClientError && error.code !== 'OAUTH_TIMEOUT') {
    return new SignOnRefused('unusable-answer', { cause: error });
  }
  return new Problem('identity-provider-away', 'The identity provider does not answer. Try again in a moment.', {
    cause: error,
  });
}

/** By a key, where there is one, otherwise by the secret. */
export function clientProofOf({ clientKey, clientSecret = '' }: OidcConfig): ClientProof {
  return clientKey ? createClientKey(clientKey) : createClientSecret(clientSecret);
}

/** Microsoft's names for "any tenant": anyone with a Microsoft account could sign in. */
const sharedTenants = /\/(common|organizations|consumers)(\/|$)/;

function checkIssuer(issuer: string): void {
  const { protocol, hostname } = new URL(issuer);
  const problem =
    protocol === 'http:' && !isLoopback(hostname)
      ? 'must begin with https: plain http is for providers on this machine'
      : sharedTenants.test(issuer)
        ? 'must name one tenant: everybody with any Microsoft account could try to sign in'
        : undefined;
  if (problem === undefined) return;
  const example = 'https://login.microsoftonline.com/<tenant id>/v2.0';
  throw new ConfigProblem([{ variable: 'OIDC_ISSUER', problem, example }]);
}
