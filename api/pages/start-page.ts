import type { Principal } from '../access/principal.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import type { PageWords } from './words/en.ts';

export interface StartView {
  readonly who: Principal | undefined;
  readonly publicUrl: string;
  readonly temporalUiUrl: string;
  /** False while no identity provider is configured. */
  readonly canSignIn: boolean;
}

/** The page at `/`: the sign-in or, for signed-in users, who they are and where everything is. */
export function startPage({ start: words }: PageWords, { who, publicUrl, temporalUiUrl, canSignIn }: StartView): Page {
  if (who) {
    return {
      title: words.signedInAs(who.displayName || who.name),
      body: html`
<p class="soft">${who.name} · ${who.profile}</p>
<ul>
<li><a href="/docs">${words.docs}</a></li>
<li><a href="/api/v1/email/accounts">${words.accounts}</a></li>
<li><a href="/api/v1/queues">${words.queues}</a></li>
<li><a href="${temporalUiUrl}" rel="noreferrer">${words.temporal}</a></li>
</ul>
<div class="actions"><form method="post" action="/auth/sign-out"><button class="button quiet">${words.signOut}</button></form></div>`,
    };
  }
  return {
    title: words.title,
    body: html`
<p>${words.what}</p>
${
  canSignIn
    ? html`<div class="actions"><a class="button" href="${publicUrl}/auth/sign-in">${words.signIn}</a>
<a class="button quiet" href="/docs">${words.readDocs}</a></div>`
    : html`<p>${words.noProvider} <a href="/docs">${words.readDocs}</a>.</p>`
}`,
  };
}
