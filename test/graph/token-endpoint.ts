import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { microsoftCloud } from '../../graph/cloud.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { type HttpServer, type SeenRequest, send, startHttpServer } from './http-server.ts';

export const settings: EntraSettings = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  clientSecret: 'a~secret+with/odd=characters',
};
export const redirectUri = 'http://localhost:3000/sign-in/callback';
export const personId = '33333333-3333-4333-8333-333333333333';

/** The form that a token request carries. */
export function formOf(request: SeenRequest | undefined): URLSearchParams {
  return new URLSearchParams(request?.body);
}

/** What Entra answers to a code or a refresh token; every token has another text. */
export function aTokenAnswer(changes: Record<string, unknown> = {}, claims: Record<string, unknown> = {}) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = {
    aud: settings.clientId,
    iss: `https://login.microsoftonline.com/${settings.tenantId}/v2.0`,
    exp: Math.floor(Date.now() / 1_000) + 3_600,
    tid: settings.tenantId,
    oid: personId,
    sub: 'pairwise',
    preferred_username: 'help@contoso.example',
    name: 'Help desk',
    nonce: 'nonce',
    ...claims,
  };
  return {
    token_type: 'Bearer',
    expires_in: 3_599,
    scope: 'openid profile https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read',
    access_token: `access-${randomUUID()}`,
    refresh_token: `refresh-${randomUUID()}`,
    id_token: `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(idToken)}.c2lnbmF0dXJl`,
    client_info: encode({ uid: personId, utid: settings.tenantId }),
    ...changes,
  };
}

/** The body of a refusal, with the personal text that real ones carry. */
export function aTokenError(error: string, code: number, changes: Record<string, unknown> = {}) {
  return {
    error,
    error_description: `AADSTS${code}: something about anna@contoso.example.\r\nTrace ID: trace-1`,
    error_codes: [code],
    trace_id: 'trace-1',
    ...changes,
  };
}

/** A token endpoint that answers as told; asked for more than that, it fails the test with a 500. */
export async function startTokenEndpoint(
  ...answers: ((request: SeenRequest, response: ServerResponse) => void)[]
): Promise<HttpServer & { cloud: ReturnType<typeof microsoftCloud> }> {
  const server = await startHttpServer((request, response, number) => {
    const answer = answers[number];
    if (answer) answer(request, response);
    else send(response, 500, { error: 'server_error' });
  });
  return Object.assign(server, { cloud: microsoftCloud('simulator', server.url) });
}

export function answering(status: number, body?: unknown, headers?: Record<string, string>) {
  return (_request: SeenRequest, response: ServerResponse) => send(response, status, body, headers);
}
