import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { type EntraError, type ErrorTrace, errorDescription } from './entra-error.ts';
import { type Html, hiddenFields, html } from './pages/html.ts';
import { sourceOf } from './pages/send-page.ts';

export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** Where the answer of authorize goes; registered with the app. */
export interface ResponseTarget {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
}

type Fields = Readonly<Record<string, string>>;

/** Sends the browser back to the app with these fields, in the requested response mode. */
export function sendResponse(reply: FastifyReply, target: ResponseTarget, fields: Fields): FastifyReply {
  const answer = withState(target, fields);
  reply.header('cache-control', 'no-store');
  if (target.responseMode !== 'form_post') return reply.redirect(addressWith(target, answer), 302);
  const script = 'document.forms[0].submit()';
  const scriptHash = createHash('sha256').update(script).digest('base64');
  return reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      `default-src 'none'; script-src 'sha256-${scriptHash}'; form-action ${sourceOf(target.redirectUri)}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('referrer-policy', 'strict-origin-when-cross-origin')
    .send(
      html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Working...</title></head>
<body>${postForm(target, answer, 'Continue')}<script>${script}</script></body></html>
`.text,
    );
}

/** The fields of a refusal. invalid_grant exists only at the token endpoint; here it becomes access_denied. */
export function errorFields(error: EntraError, trace: ErrorTrace): Fields {
  return {
    error: error.error === 'invalid_grant' ? 'access_denied' : error.error,
    ...(error.subcode === undefined ? {} : { error_subcode: error.subcode }),
    error_description: errorDescription(error, trace),
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
    ...(error.claims === undefined ? {} : { claims: error.claims }),
  };
}

/** A link or button that returns the user, with an error, to the app. */
export function returnControl(target: ResponseTarget, fields: Fields): Html {
  const answer = withState(target, fields);
  const words = 'Return to the application';
  if (target.responseMode === 'form_post') return postForm(target, answer, words);
  return html`<a class="button primary" href="${addressWith(target, answer)}">${words}</a>`;
}

function withState(target: ResponseTarget, fields: Fields): Fields {
  return target.state === undefined ? fields : { ...fields, state: target.state };
}

function addressWith({ redirectUri, responseMode }: ResponseTarget, fields: Fields): string {
  const parameters = new URLSearchParams(fields).toString();
  if (responseMode === 'fragment') return `${redirectUri}#${parameters}`;
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters}`;
}

function postForm({ redirectUri }: ResponseTarget, fields: Fields, words: string): Html {
  return html`<form method="post" action="${redirectUri}">${hiddenFields(fields)}<button class="primary">${words}</button></form>`;
}
