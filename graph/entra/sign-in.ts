import { ResponseMode } from '@azure/msal-node';
import { Failure, isFailure } from '../../domain/failure.ts';
import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import { CHECK_WITHIN_MS, checkSettings, type SettingsFinding } from './check-settings.ts';
import type { EntraSettings } from './entra-settings.ts';
import { createIdentification, type Identification } from './identify-person.ts';
import { createMsalApplication } from './msal-application.ts';
import { allGraphScopes, graphPermissions, graphScopes, openIdScopes } from './scopes.ts';
import { type SignInIdentity, signInIdentity } from './sign-in-identity.ts';
import { withEitherCredential } from './with-either-credential.ts';

export interface SignInUrlRequest {
  readonly settings: EntraSettings;
  /** Registered with the app as a redirect URI of the platform "Web", character by character. */
  readonly redirectUri: string;
  /** The address of the person who is to sign in; prefilled on the sign-in page. */
  readonly signInAs: string;
  /** The kind of mailbox, which decides the permissions that the person is asked for. */
  readonly mailbox: MailboxKind;
  /** Also asks for the permissions to send. */
  readonly forSending?: boolean | undefined;
  readonly state: string;
  readonly nonce: string;
  /** PKCE, S256: the base64url SHA-256 of the code verifier. */
  readonly codeChallenge: string;
}

export interface RedeemRequest {
  readonly settings: EntraSettings;
  /** The same as in the sign-in URL. */
  readonly redirectUri: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** The same as in the sign-in URL. */
  readonly mailbox: MailboxKind;
  /** The same as in the sign-in URL. */
  readonly forSending?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RedeemedSignIn {
  /** MSAL's serialised cache, with the refresh token in clear: encrypt it before it is stored. */
  readonly tokenCache: string;
  readonly identity: SignInIdentity;
  /** The permissions to send were granted as well. */
  readonly maySend: boolean;
}

export interface AdminConsentRequest {
  readonly settings: Pick<EntraSettings, 'tenantId' | 'clientId'>;
  readonly redirectUri: string;
  readonly state: string;
  /** Also approves sending. */
  readonly forSending?: boolean | undefined;
}

export interface SignIn extends Identification {
  /**
   * The URL of the sign-in page. `login_hint` and `domain_hint` are passed and `prompt` is not: a person with a session
   * is only asked to approve.
   */
  buildSignInUrl(request: SignInUrlRequest): Promise<string>;
  /**
   * Redeems the code of a sign-in. Not safe to repeat: a code works once (then `code-expired`). Throws
   * CredentialRejected (also `consent-needed` when Microsoft left out a requested scope), SettingsRejected, Throttled,
   * Unavailable. The caller decides whether the right account signed in.
   */
  redeem(request: RedeemRequest): Promise<RedeemedSignIn>;
  /** The URL at which an administrator of the tenant approves the app for all users, shared mailboxes included. */
  adminConsentUrl(request: AdminConsentRequest): string;
  /**
   * Tries the global properties and reports in words whether they work. Never throws for what it finds; Unavailable
   * when that takes too long.
   */
  checkSettings(settings: EntraSettings): Promise<SettingsFinding[]>;
}

/** Sign-in to a mailbox at Entra, for one cloud. `checkWithinMs` bounds a check of the settings. */
export function createSignIn(cloud: MicrosoftCloud, { checkWithinMs = CHECK_WITHIN_MS } = {}): SignIn {
  const scopesFor = (mailbox: MailboxKind, forSending = false) => [
    ...openIdScopes,
    ...graphScopes(cloud, mailbox, forSending ? 'sending' : 'reading'),
  ];
  return {
    ...createIdentification(cloud),

    buildSignInUrl({ settings, redirectUri, signInAs, mailbox, forSending, state, nonce, codeChallenge }) {
      return createMsalApplication(cloud, settings).run((application) =>
        application.getAuthCodeUrl({
          scopes: scopesFor(mailbox, forSending),
          redirectUri,
          responseMode: ResponseMode.QUERY,
          state,
          nonce,
          codeChallenge,
          codeChallengeMethod: 'S256',
          loginHint: signInAs,
          domainHint: signInAs.slice(signInAs.lastIndexOf('@') + 1),
        }),
      );
    },

    async redeem({ settings, redirectUri, code, codeVerifier, nonce, mailbox, forSending, signal }) {
      const scopes = scopesFor(mailbox, forSending);
      const { msal, result } = await withEitherCredential(settings, async (oneOfBoth) => {
        const msal = createMsalApplication(cloud, oneOfBoth, signal);
        const request = { scopes, redirectUri, code, codeVerifier, nonce };
        return {
          msal,
          result: await msal.run((application) => application.acquireTokenByCode(request, { code, nonce })),
        };
      }).catch((error: unknown) => {
        throw asCodeFailure(error);
      });
      const identity = signInIdentity(result.idTokenClaims, settings, {
        nowMs: Date.now(),
        clockSkewMs: msal.clockSkewMs,
      });
      const tokenCache = msal.application.getTokenCache().serialize();
      if (!grants(result.scopes, graphPermissions(mailbox)) || !holdsRefreshToken(tokenCache)) {
        throw new Failure('CredentialRejected', 'Microsoft did not grant all that reading mail needs', {
          reason: 'consent-needed',
        });
      }
      return { tokenCache, identity, maySend: grants(result.scopes, graphPermissions(mailbox, 'sending')) };
    },

    adminConsentUrl({ settings, redirectUri, state, forSending }) {
      const url = new URL(`${cloud.loginUrl}/${encodeURIComponent(settings.tenantId)}/v2.0/adminconsent`);
      url.search = new URLSearchParams({
        client_id: settings.clientId,
        scope: [...openIdScopes, ...allGraphScopes(cloud, forSending ? 'sending' : 'reading')].join(' '),
        redirect_uri: redirectUri,
        state,
      }).toString();
      return url.href;
    },

    checkSettings: (settings) => checkSettings(cloud, settings, checkWithinMs),
  };
}

/** Entra answers `invalid_grant` for an expired code and for an expired refresh token; here it is the code. */
function asCodeFailure(error: unknown): unknown {
  if (!isFailure(error, 'CredentialRejected') || error.reason !== 'sign-in-expired') return error;
  const { code, status, requestId } = error;
  return new Failure('CredentialRejected', 'The sign-in took too long or was used before', {
    reason: 'code-expired',
    code,
    status,
    requestId,
  });
}

/** Entra may name granted scopes in short or in full form. */
function grants(granted: readonly string[], permissions: readonly string[]): boolean {
  const names = new Set(granted.map((scope) => scope.slice(scope.lastIndexOf('/') + 1).toLowerCase()));
  return permissions.every((permission) => names.has(permission.toLowerCase()));
}

/** Without `offline_access` there is none, and reading mail would end within the hour. */
function holdsRefreshToken(tokenCache: string): boolean {
  const { RefreshToken } = JSON.parse(tokenCache);
  return Object.keys(RefreshToken ?? {}).length > 0;
}
