import { ResponseMode } from '@azure/msal-node';
import type { MicrosoftCloud } from '../cloud.ts';
import { createMailboxClient } from '../mail/mailbox-client.ts';
import type { EntraSettings } from './entra-settings.ts';
import { createMsalApplication } from './msal-application.ts';
import { type SignInIdentity, signInIdentity } from './sign-in-identity.ts';
import { withEitherCredential } from './with-either-credential.ts';

/** A person who proved who they are. */
export interface IdentifiedPerson extends SignInIdentity {
  /** All addresses of the person, as Graph names them; in lower case. */
  readonly addresses: readonly string[];
}

interface Attempt {
  readonly settings: EntraSettings;
  readonly redirectUri: string;
  readonly nonce: string;
}

export interface Identification {
  /** The URL at which a person proves who they are; no mail is asked for. `codeChallenge`: PKCE, S256. */
  buildIdentificationUrl(
    attempt: Attempt & { readonly state: string; readonly codeChallenge: string },
  ): Promise<string>;
  /** Who signed in. The tokens are dropped. Throws like `redeem`. */
  identify(attempt: Attempt & { readonly code: string; readonly codeVerifier: string }): Promise<IdentifiedPerson>;
}

/** Proof of who a person is, for one cloud: with `User.Read`, which every person of the tenant may give. */
export function createIdentification(cloud: MicrosoftCloud): Identification {
  const scopes = ['openid', 'profile', `${cloud.scopeBase}/User.Read`];
  return {
    buildIdentificationUrl: ({ settings, redirectUri, state, nonce, codeChallenge }) =>
      createMsalApplication(cloud, settings).run((application) =>
        application.getAuthCodeUrl({
          scopes,
          redirectUri,
          responseMode: ResponseMode.QUERY,
          state,
          nonce,
          codeChallenge,
          codeChallengeMethod: 'S256',
        }),
      ),

    async identify({ settings, redirectUri, nonce, code, codeVerifier }) {
      const { result, clockSkewMs } = await withEitherCredential(settings, async (oneOfBoth) => {
        const msal = createMsalApplication(cloud, oneOfBoth);
        const request = { scopes, redirectUri, code, codeVerifier, nonce };
        return {
          result: await msal.run((application) => application.acquireTokenByCode(request, { code, nonce })),
          clockSkewMs: msal.clockSkewMs,
        };
      });
      const identity = signInIdentity(result.idTokenClaims, settings, { nowMs: Date.now(), clockSkewMs });
      const getAccessToken = async () => result.accessToken;
      const { addresses } = await createMailboxClient({
        cloud,
        sharedAddress: undefined,
        getAccessToken,
      }).readIdentity();
      return { ...identity, addresses };
    },
  };
}
