import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../faults.ts';
import { authenticateClient, readClientCredentials } from './authenticate-client.ts';
import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import { EntraError, errorBody } from './entra-error.ts';
import { formOf, type Parameters } from './form-parameters.ts';
import type { Grant } from './grant.ts';
import { grantForAuthorizationCode } from './grant-authorization-code.ts';
import { grantForClientCredentials } from './grant-client-credentials.ts';
import { grantForDeviceCode } from './grant-device-code.ts';
import { grantForRefreshToken } from './grant-refresh-token.ts';
import { originOf, sendTrace, traceOf } from './request-facts.ts';
import { checkAppInTenant, getApp, resolveTenant } from './resolve-tenant.ts';

/** Name of the endpoint for faults and statistics. */
const ENDPOINT = 'POST /oauth2/v2.0/token';

const GRANTS: Readonly<Record<string, Grant>> = {
  authorization_code: grantForAuthorizationCode,
  refresh_token: grantForRefreshToken,
  client_credentials: grantForClientCredentials,
  'urn:ietf:params:oauth:grant-type:device_code': grantForDeviceCode,
};

/** A fault without an answer of Entra: a bare gateway error, or a broken connection. */
class BareFailure extends Error {
  readonly status: number | 'reset';
  readonly retryAfterSeconds: number | null;
  constructor(status: number | 'reset', retryAfterSeconds: number | null) {
    super(`Fault: ${status}`);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A fault that refuses with any AADSTS number and any error name. */
class AnyRefusal extends Error {
  readonly code: number;
  readonly error: string;
  readonly suberror: string | undefined;
  readonly status: number;
  constructor({ aadsts, error, suberror, status }: Fault) {
    super('A refusal that was asked for.');
    this.code = aadsts ?? 70000;
    this.error = error ?? 'invalid_grant';
    this.suberror = suberror ?? undefined;
    this.status = status ?? 400;
  }
}

/** `POST /{tenant}/oauth2/v2.0/token`. */
export function registerTokenEndpoint(app: FastifyInstance, context: EntraContext): void {
  app.route<{ Params: { tenant: string } }>({
    method: ['GET', 'POST'],
    url: '/:tenant/oauth2/v2.0/token',
    async handler(request, reply) {
      const form = formOf(request);
      const trace = traceOf(request, form);
      sendTrace(reply.header('cache-control', 'no-store').header('pragma', 'no-cache'), trace);
      const grantType = Object.hasOwn(GRANTS, form.grant_type ?? '') ? String(form.grant_type) : 'other';
      try {
        const body = await answer(context, request, form);
        context.stats.countTokenRequest(grantType, false);
        return body;
      } catch (error) {
        context.stats.countTokenRequest(grantType, true);
        if (error instanceof BareFailure) return sendBareFailure(request, reply, error);
        if (error instanceof AnyRefusal) {
          return reply.code(error.status).send(errorBody(error, trace, originOf(request)));
        }
        if (!(error instanceof EntraError)) throw error;
        if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
        return reply.code(error.status).send(errorBody(error, trace, originOf(request)));
      }
    },
  });
}

async function answer(
  context: EntraContext,
  request: FastifyRequest<{ Params: { tenant: string } }>,
  form: Parameters,
): Promise<Record<string, unknown>> {
  if (request.method !== 'POST') throw new EntraError(900561, { method: request.method });
  const segment = request.params.tenant;
  const tenant = resolveTenant(context.directory, segment);
  if (!form.grant_type) throw new EntraError(900144, { name: 'grant_type' });
  const grant = Object.hasOwn(GRANTS, form.grant_type) ? GRANTS[form.grant_type] : undefined;
  if (!grant) throw new EntraError(70003, { grantType: form.grant_type });
  const { clientId, clientSecret } = readClientCredentials(form, request.headers.authorization);
  const app = getApp(context.apps.find, clientId, tenant?.displayName ?? segment);
  checkAppInTenant(app, tenant);
  const origin = originOf(request);
  // Real clients that reach us under another host name still sign for Microsoft's own.
  const endpoints = [origin, 'https://login.microsoftonline.com'].flatMap((host) =>
    [segment, tenant?.tenantId ?? segment].map((name) => `${host}/${name}/oauth2/v2.0/token`),
  );
  const nowMs = Date.now() + context.faults.clockSkewSeconds() * 1_000;
  await authenticateClient(context.apps, app, form, clientSecret, endpoints, nowMs);
  const strike = (mailbox: string | undefined) => strikeFaults(context, app, mailbox);
  return grant(context, { app, tenant, form, origin, strike });
}

async function strikeFaults({ faults }: EntraContext, app: App, mailbox: string | undefined): Promise<void> {
  const place = { endpoint: ENDPOINT, mailbox };
  const slow = faults.take('slow', place);
  if (slow) await delay(slow.delayMs ?? 2_000);
  if (faults.take('reset', place)) throw new BareFailure('reset', null);
  const throttled = faults.take('throttle', place);
  if (throttled) throw new EntraError(90055, {}, { retryAfterSeconds: throttled.retryAfterSeconds ?? 1 });
  for (const [kind, status] of [
    ['unavailable', 503],
    ['gateway-timeout', 504],
    ['error', 500],
  ] as const) {
    const fault = faults.take(kind, place);
    if (fault) throw new BareFailure(status, fault.retryAfterSeconds);
  }
  const foreign = faults.take('foreign-answer', place);
  if (foreign) throw new BareFailure(foreign.status ?? 200, null);
  const refusal = faults.take('entra-refusal', place);
  if (refusal) throw new AnyRefusal(refusal);
  if (faults.take('invalid-client', place)) throw new EntraError(7000215, { clientId: app.clientId });
  if (faults.take('invalid-grant', place)) throw new EntraError(700082, { issued: 'an earlier day' });
}

function sendBareFailure(request: FastifyRequest, reply: FastifyReply, failure: BareFailure): FastifyReply {
  if (failure.status === 'reset') {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  if (failure.retryAfterSeconds !== null) reply.header('retry-after', String(failure.retryAfterSeconds));
  if (failure.status >= 300 && failure.status < 400) reply.header('location', 'https://portal.example/blocked');
  return reply.code(failure.status).type('text/html').send('<html><body>Service unavailable</body></html>');
}
