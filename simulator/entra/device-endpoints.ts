import type { FastifyInstance, FastifyReply } from 'fastify';
import { readClientCredentials } from './authenticate-client.ts';
import type { EntraContext } from './entra-context.ts';
import { EntraError } from './entra-error.ts';
import { formOf, parseParameters, queryOf } from './form-parameters.ts';
import { html } from './pages/html.ts';
import { sendPage } from './pages/send-page.ts';
import { parseScope } from './parse-scope.ts';
import { originOf, sendTrace, traceOf } from './request-facts.ts';
import { checkAppInTenant, getApp, resolveTenant } from './resolve-tenant.ts';

/** The page where a person enters a device's code. */
const DEVICE_PATH = '/common/oauth2/deviceauth';

/** The redirect URI of authorize when the sign-in is for a device. */
export const DEVICE_ANSWER_PATH = `${DEVICE_PATH}/answer`;

/** `POST /{tenant}/oauth2/v2.0/devicecode`, and the pages on which a person signs in for the device. */
export function registerDeviceEndpoints(app: FastifyInstance, context: EntraContext): void {
  app.post<{ Params: { tenant: string } }>('/:tenant/oauth2/v2.0/devicecode', (request, reply) => {
    const form = formOf(request);
    sendTrace(reply.header('cache-control', 'no-store'), traceOf(request, form));
    const segment = request.params.tenant;
    const tenant = resolveTenant(context.directory, segment);
    const { clientId } = readClientCredentials(form, request.headers.authorization);
    const client = getApp(context.apps.find, clientId, tenant?.displayName ?? segment);
    checkAppInTenant(client, tenant);
    if (!form.scope) throw new EntraError(900144, { name: 'scope' });
    const origin = originOf(request);
    parseScope(form.scope, origin, { app: client.displayName, tenant: tenant?.displayName ?? segment });
    const issued = context.deviceCodes.issue({ clientId: client.clientId, tenant: segment, scope: form.scope });
    const uri = `${origin}${DEVICE_PATH}`;
    return {
      user_code: issued.userCode,
      device_code: issued.deviceCode,
      verification_uri: uri,
      expires_in: issued.expiresInSeconds,
      interval: issued.intervalSeconds,
      message: `To sign in, use a web browser to open the page ${uri} and enter the code ${issued.userCode} to authenticate.`,
    };
  });

  app.get(DEVICE_PATH, (request, reply) => sendCodePage(reply, parseParameters(queryOf(request.url)).otc ?? ''));

  app.post(DEVICE_PATH, (request, reply) => {
    const userCode = formOf(request).otc ?? '';
    const waiting = context.deviceCodes.findWaiting(userCode);
    if (!waiting) return sendCodePage(reply, userCode, 'That code did not work. Check the code and try again.');
    const query = new URLSearchParams({
      client_id: waiting.clientId,
      response_type: 'code',
      redirect_uri: `${originOf(request)}${DEVICE_ANSWER_PATH}`,
      scope: waiting.scope,
      state: userCode,
    });
    return reply.redirect(`/${encodeURIComponent(waiting.tenant)}/oauth2/v2.0/authorize?${query}`, 302);
  });

  app.get(DEVICE_ANSWER_PATH, (request, reply) => {
    const { code, state = '' } = parseParameters(queryOf(request.url));
    if (!context.deviceCodes.findWaiting(state))
      return sendCodePage(reply, '', 'That code has been used, or is too old.');
    if (code === undefined) {
      context.deviceCodes.answer(state, null);
      return sendClosingPage(reply, 'You have not signed in', 'The device is not connected.');
    }
    const grant = context.codes.read(code);
    if (grant.redirectUri !== `${originOf(request)}${DEVICE_ANSWER_PATH}`) throw new EntraError(70000);
    context.codes.redeem(code);
    context.deviceCodes.answer(state, grant);
    const name = context.apps.find(grant.clientId)?.displayName ?? grant.clientId;
    return sendClosingPage(reply, 'You have signed in', `${name} is signed in on your device.`);
  });
}

function sendCodePage(reply: FastifyReply, userCode: string, complaint?: string): FastifyReply {
  return sendPage(reply, {
    title: 'Enter code',
    content: html`<h1>Enter code</h1>
${complaint !== undefined && html`<p role="alert">${complaint}</p>`}
<p>Enter the code displayed on your app or device.</p>
<form method="post" action="${DEVICE_PATH}">
<label>Code <input name="otc" value="${userCode}" autocomplete="off" autofocus></label>
<div class="buttons"><button class="primary">Next</button></div>
</form>`,
  });
}

function sendClosingPage(reply: FastifyReply, title: string, words: string): FastifyReply {
  return sendPage(reply, { title, content: html`<h1>${title}</h1>\n<p>${words} You may now close this window.</p>` });
}
