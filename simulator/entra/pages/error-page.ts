import { type EntraError, type ErrorTrace, errorDescription } from '../entra-error.ts';
import { type Html, html } from './html.ts';
import type { Page } from './send-page.ts';

/** "Sorry, but we're having trouble": an error without a redirect, or from which the user can return to the app. */
export function errorPage(error: EntraError, trace: ErrorTrace, wayBack?: Html, leadsTo?: string): Page {
  const [sentence] = errorDescription(error, trace).split('\r\n');
  return {
    title: headingOf(error),
    status: wayBack ? 200 : 400,
    leadsTo,
    content: html`<h1>${headingOf(error)}</h1>
<p role="alert">${sentence}</p>
<dl class="trace">
<dt>Request Id</dt><dd>${trace.traceId}</dd>
<dt>Correlation Id</dt><dd>${trace.correlationId}</dd>
<dt>Timestamp</dt><dd>${trace.timestamp}</dd>
</dl>
${wayBack !== undefined && html`<div class="buttons">${wayBack}</div>`}`,
  };
}

function headingOf(error: EntraError): string {
  switch (error.code) {
    case 90094:
      return 'Need admin approval';
    case 53003:
      return 'You cannot access this right now';
    default:
      return "Sorry, but we're having trouble with signing you in.";
  }
}
