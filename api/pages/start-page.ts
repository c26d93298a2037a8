import type { Principal } from '../principal.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

export interface StartView {
  readonly who: Principal | undefined;
  readonly publicUrl: string;
  readonly temporalUiUrl: string;
  /** False while no identity provider is configured. */
  readonly canSignIn: boolean;
}

/** The page at `/`: sign in or, for who is signed in, who you are and where everything is. */
export function startPage({ who, publicUrl, temporalUiUrl, canSignIn }: StartView): Page {
  if (who) {
    return {
      title: `Signed in as ${who.displayName || who.name}`,
      body: html`
<p class="soft">${who.name} · ${who.profile}</p>
<ul>
<li><a href="/docs">The API, with everything that Mailroom can do</a></li>
<li><a href="/api/v1/email/accounts">Connected accounts (JSON)</a></li>
<li><a href="/api/v1/queues">Queues (JSON)</a></li>
<li><a href="${temporalUiUrl}" rel="noreferrer">Temporal: what happens to each account</a></li>
</ul>
<div class="actions"><form method="post" action="/auth/sign-out"><button class="button quiet">Sign out</button></form></div>`,
    };
  }
  return {
    title: 'E-mail, in the right queue',
    body: html`
<p>Mailroom takes every e-mail that arrives in your Office 365 mailboxes and puts it, once, into the right queue.</p>
${
  canSignIn
    ? html`<div class="actions"><a class="button" href="${publicUrl}/auth/sign-in">Sign in</a>
<a class="button quiet" href="/docs">Read the API</a></div>`
    : html`<p>No identity provider is configured, so only API keys work. Set OIDC_ISSUER, OIDC_CLIENT_ID and
OIDC_CLIENT_SECRET to let people sign in. <a href="/docs">Read the API</a>.</p>`
}`,
  };
}
