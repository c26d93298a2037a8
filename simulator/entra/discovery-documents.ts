import type { FastifyInstance } from 'fastify';
import { graphOrigin } from '../counterpart-hosts.ts';
import type { EntraContext } from './entra-context.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { originOf, traceOf } from './request-facts.ts';
import { resolveTenant } from './resolve-tenant.ts';

/** The OpenID configuration, the keys document and the instance discovery. */
export function registerDiscoveryDocuments(app: FastifyInstance, context: EntraContext): void {
  app.get<{ Params: { tenant: string } }>('/:tenant/v2.0/.well-known/openid-configuration', (request, reply) => {
    const origin = originOf(request);
    const segment = request.params.tenant;
    try {
      const tenant = resolveTenant(context.directory, segment);
      reply.header('cache-control', 'max-age=86400, private');
      // On common and organizations the issuer is this literal text; a client replaces it with the token's tid.
      return openidConfiguration(origin, tenant?.tenantId ?? segment, tenant?.tenantId ?? '{tenantid}');
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      return reply.code(400).send({ ...errorBody(error, traceOf(request), origin), error: 'invalid_tenant' });
    }
  });

  app.get<{ Params: { tenant: string } }>('/:tenant/discovery/v2.0/keys', async (request) => {
    const tenant = resolveTenantQuietly(context, request.params.tenant);
    const issuer = `${originOf(request)}/${tenant}/v2.0`;
    const keys = await context.accessTokens.keys.published();
    return { keys: keys.map((key) => ({ ...key, issuer })) };
  });

  app.get<{ Querystring: { authorization_endpoint?: string } }>('/common/discovery/instance', (request) => {
    const origin = originOf(request);
    const { host } = request;
    const tenant = tenantInAddress(request.query.authorization_endpoint) ?? 'common';
    return {
      tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    };
  });
}

function resolveTenantQuietly({ directory }: EntraContext, segment: string): string {
  return directory.findTenant(segment)?.tenantId ?? '{tenantid}';
}

function tenantInAddress(address: string | undefined): string | undefined {
  return URL.canParse(address ?? '') ? new URL(address ?? '').pathname.split('/')[1] || undefined : undefined;
}

/** Fields and their order are those of login.microsoftonline.com; every host is the one that the client used. */
function openidConfiguration(origin: string, tenant: string, issuerTenant: string): Record<string, unknown> {
  const { host } = new URL(origin);
  const graph = new URL(graphOrigin(origin));
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${origin}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    tenant_region_scope: null,
    cloud_instance_name: host,
    cloud_graph_host_name: graph.host,
    msgraph_host: graph.host,
    rbac_url: origin,
  };
}
