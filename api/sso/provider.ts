import * as client from 'openid-client';
import { ConfigProblem } from '../../config/config-problem.ts';
import type { OidcConfig } from '../../config/environment.ts';
import type { ProviderIdentity } from '../../database/users.ts';
import { Problem } from '../problem.ts';
import { identityOf } from './identity.ts';
import { SignOnRefused } from './sign-on-refused.ts';

/** What is kept on our side while a person is at the provider. */
export interface SignOnChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface BegunSignOn extends SignOnChecks {
  readonly url: string;
}

export interface FinishedSignOn {
  readonly identity: ProviderIdentity;
  readonly idToken: string | undefined;
}

/** The OpenID Connect provider at which people sign in to Mailroom. */
export interface SignOnProvider {
  readonly issuer: string;
  begin(options: { readonly loginHint?: string | undefined; readonly chooseAccount: boolean }): Promise<BegunSignOn>;
  /** Redeems the code in the address of the callback. Throws SignOnRefused where the provider, or a check, says no. */
  finish(callback: URL, checks: SignOnChecks): Promise<FinishedSignOn>;
  /** Where a person signs out at the provider, too; undefined when it has no such place. */
  signOutUrl(idToken: string | undefined, returnTo: string): Promise<string | undefined>;
}

/** In seconds: a person waits for the page. */
const PROVIDER_TIMEOUT_SECONDS = 10;

/**
 * Prepares a provider; nothing is asked of it before the first person signs in, and what fails then is asked again the
 * next time. Throws ConfigProblem for an issuer that cannot be used.
 */
export function createSignOnProvider(oidc: OidcConfig, redirectUri: string): SignOnProvider {
  checkIssuer(oidc.issuer);
  const issuer = new URL(oidc.issuer);
  const insecure = issuer.protocol === 'http:';
  let configuration: Promise<client.Configuration> | undefined;

  /** Errors of openid-client and of the network alike: the provider is not there, or not set up for us. */
  async function discover(): Promise<client.Configuration> {
    configuration ??= client.discovery(issuer, oidc.clientId, undefined, client.ClientSecretPost(oidc.clientSecret), {
      timeout: PROVIDER_TIMEOUT_SECONDS,
      // Plain http only ever to this machine: checkIssuer has seen to it.
      ...(insecure ? { execute: [client.allowInsecureRequests] } : {}),
    });
    try {
      return await configuration;
    } catch (cause) {
      configuration = undefined;
      throw new Problem(
        'identity-provider-unknown',
        'The identity provider does not answer, or knows no such issuer. Try again in a moment; if it stays, check OIDC_ISSUER.',
        { cause },
      );
    }
  }

  return {
    issuer: oidc.issuer,

    async begin({ loginHint, chooseAccount }) {
      const state = client.randomState();
      const nonce = client.randomNonce();
      const codeVerifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(await discover(), {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
        ...(chooseAccount ? { prompt: 'select_account' } : {}),
      });
      return { url: url.href, state, nonce, codeVerifier };
    },

    async finish(callback, { state, nonce, codeVerifier }) {
      const configured = await discover();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
      const tokens = await client.authorizationCodeGrant(configured, callback, checks).catch((error: unknown) => {
        throw asRefusal(error);
      });
      const claims = tokens.claims();
      if (!claims) throw new SignOnRefused('unusable-answer');
      return { identity: identityOf(claims, oidc.issuer), idToken: tokens.id_token };
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

function asRefusal(error: unknown): unknown {
  if (error instanceof client.AuthorizationResponseError) return new SignOnRefused('declined', { cause: error });
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

/** Microsoft's names for "any tenant": whoever has any account there could come in. */
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

/** RFC 6761: every name under `localhost` is this machine. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
