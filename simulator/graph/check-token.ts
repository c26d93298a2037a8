import { loginOrigin } from '../counterpart-hosts.ts';
import type { AccessTokenClaims, AccessTokenRefusal, AccessTokens } from '../entra/contract.ts';
import { GraphError } from './graph-error.ts';

const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/** The claims of the bearer token. Throws 401 with Graph's text, and a claims challenge for revoked tokens. */
export async function checkToken(
  tokens: AccessTokens,
  authorization: string | undefined,
  origin: string,
): Promise<AccessTokenClaims> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer === undefined) throw unauthenticated('Access token is empty.', origin);
  const verified = await tokens.verify(bearer);
  if (!('refused' in verified)) return verified;
  throw refusal(verified, origin);
}

function refusal({ refused }: AccessTokenRefusal, origin: string): GraphError {
  if (refused === 'expired') {
    return unauthenticated('Lifetime validation failed, the token is expired.', origin);
  }
  if (refused === 'malformed') {
    const message = 'IDX14100: JWT is not well formed, there are no dots (.) or its signature is not valid.';
    return unauthenticated(message, origin);
  }
  // The time of the revocation is unknown here and taken as now: tokens issued from now on are valid
  // (learn.microsoft.com/entra/identity-platform/app-resilience-continuous-access-evaluation).
  const notBefore = String(Math.floor(Date.now() / 1000));
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: notBefore } } });
  const reason =
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp';
  return unauthenticated(
    reason,
    origin,
    `, error="insufficient_claims", errorDescription="${reason}", claims="${Buffer.from(claims).toString('base64')}"`,
  );
}

/** 401 with the address of the token endpoint, under the host that the client used. */
export function unauthenticated(message: string, origin: string, challenge = ''): GraphError {
  const authorization = `authorization_uri="${loginOrigin(origin)}/common/oauth2/authorize"`;
  return new GraphError(401, 'InvalidAuthenticationToken', message, {
    'www-authenticate': `Bearer realm="", ${authorization}, client_id="${GRAPH_APP_ID}"${challenge}`,
  });
}
