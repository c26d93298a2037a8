import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EntraContext } from './entra-context.ts';
import { pairwiseSubject } from './id-tokens.ts';

/** `GET` and `POST /oidc/userinfo`: the claims of OpenID Connect for an access token with scope openid. */
export function registerUserinfo(app: FastifyInstance, { accessTokens, directory }: EntraContext): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const claims = bearer === undefined ? undefined : await accessTokens.verify(bearer);
    if (!claims || 'refused' in claims)
      return refuse(reply, 401, 'InvalidAuthenticationToken', 'Access token is missing, invalid or expired.');
    const user = directory.findUser(claims.oid);
    if (!user || !claims.scopes.includes('openid')) {
      return refuse(reply, 403, 'ErrorAccessDenied', 'The access token lacks the scope openid.');
    }
    const [givenName, ...rest] = user.displayName.split(' ');
    return {
      sub: pairwiseSubject(user.oid, claims.clientId),
      ...(claims.scopes.includes('profile')
        ? { name: user.displayName, given_name: givenName, family_name: rest.join(' ') }
        : {}),
      ...(claims.scopes.includes('email') ? { email: user.address } : {}),
    };
  };
  app.get('/oidc/userinfo', answer);
  app.post('/oidc/userinfo', answer);
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"');
  return reply.code(status).send({ error: { code, message } });
}
