import { ConfidentialClientApplication, type INetworkModule, type NetworkResponse } from '@azure/msal-node';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import type { TokenAnswer } from './simulator-control.ts';

/**
 * The token cache that MSAL builds from an answer of the simulator's token endpoint, as a sign-in would leave it:
 * connects thousands of mailboxes without as many sign-in pages.
 */
export async function tokenCacheOf(
  simulatorUrl: string,
  settings: EntraSettings,
  answer: TokenAnswer,
): Promise<string> {
  const { host } = new URL(simulatorUrl);
  const tenant = `${simulatorUrl}/${settings.tenantId}`;
  const answering = async <T>(): Promise<NetworkResponse<T>> => ({ headers: {}, status: 200, body: answer as T });
  const networkClient: INetworkModule = { sendGetRequestAsync: answering, sendPostRequestAsync: answering };
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: settings.clientId,
      clientSecret: settings.clientSecret,
      // MSAL accepts only https; the host is never contacted. The cache's keys contain it, as after a real sign-in.
      authority: `https://${host}/${settings.tenantId}`,
      knownAuthorities: [host],
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${tenant}/oauth2/v2.0/token`,
        issuer: `${tenant}/v2.0`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`,
      }),
    },
    system: { networkClient },
  });
  await application.acquireTokenByRefreshToken({
    refreshToken: answer.refresh_token,
    scopes: ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com/Mail.Read'],
    forceCache: true,
  });
  return application.getTokenCache().serialize();
}
