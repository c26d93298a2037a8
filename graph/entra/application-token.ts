import { decodeJwt } from 'jose';
import { Failure, isFailure } from '../../domain/failure.ts';
import { UnexpectedAnswer } from '../client/unexpected-answer.ts';
import type { MicrosoftCloud } from '../cloud.ts';
import type { AccessToken } from './access-token.ts';
import type { EntraSettings } from './entra-settings.ts';
import { createMsalApplication } from './msal-application.ts';
import { withEitherCredential } from './with-either-credential.ts';

export interface ApplicationTokenRequest {
  readonly cloud: MicrosoftCloud;
  readonly settings: EntraSettings;
  /** The JSON text of a claims challenge. */
  readonly claims?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Time limit of a request to Entra, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A new token of the application itself (client credentials), for Graph and whatever an administrator has allowed it:
 * `.default` is the only scope that Entra takes here. It has no refresh token; the next one is asked for in the same way.
 *
 * Throws SettingsRejected, Throttled, Unavailable. Never CredentialRejected: no person signs in, so what Entra would say of
 * a sign-in (a policy, a missing consent) is a fault of the app registration.
 */
export async function acquireApplicationToken(request: ApplicationTokenRequest): Promise<AccessToken> {
  const { cloud, settings, claims, signal, timeoutMs } = request;
  try {
    return await withEitherCredential(settings, (either) =>
      createMsalApplication(cloud, either, signal, timeoutMs).run(async (application) => {
        const scopes = [`${cloud.scopeBase}/.default`];
        const challenge = claims === undefined ? {} : { claims };
        const answer = await application.acquireTokenByClientCredential({ scopes, skipCache: true, ...challenge });
        if (!answer?.accessToken) throw new UnexpectedAnswer('Entra gave no access token');
        return { token: answer.accessToken, expiresAt: answer.expiresOn ?? new Date() };
      }),
    );
  } catch (error) {
    if (!isFailure(error, 'CredentialRejected')) throw error;
    const { reason = 'app-misconfigured', code, status, requestId } = error;
    const ofSettings = reason === 'blocked-by-policy' || reason === 'server-blocked-by-policy';
    throw new Failure('SettingsRejected', 'Microsoft does not give the application a token', {
      reason: ofSettings ? reason : 'app-misconfigured',
      code,
      status,
      requestId,
    });
  }
}

/**
 * The application roles that a token names: what was granted in Entra, for the whole tenant. Roles that Exchange assigns
 * (RBAC for Applications) are not among them. Undefined: the token cannot be read, which Microsoft reserves the right to.
 */
export function applicationRoles(token: string): readonly string[] | undefined {
  try {
    const { roles = [] } = decodeJwt(token);
    return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : undefined;
  } catch {
    return undefined;
  }
}
