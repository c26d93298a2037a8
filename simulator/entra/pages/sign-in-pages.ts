import type { SessionAccount } from '../sessions.ts';
import { type Html, hiddenFields, html } from './html.ts';
import type { Page } from './send-page.ts';

/** The target of a page's forms, and the account that signs in. */
export interface SignInPlace {
  /** URL, with the query of the request, to which every step is posted. */
  readonly action: string;
  readonly appName: string;
  readonly leadsTo?: string | undefined;
}

function alert(message: string | undefined): Html | undefined {
  return message === undefined ? undefined : html`<p class="alert" id="problem" role="alert">${message}</p>`;
}

function described(message: string | undefined): Html | undefined {
  return message === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem"`;
}

export function addressPage(
  place: SignInPlace,
  filled: { address?: string; organisation?: string; problem?: string },
): Page {
  return {
    title: 'Sign in to your account',
    leadsTo: place.leadsTo,
    content: html`<h1>Sign in</h1>
<p>to continue to ${place.appName}${filled.organisation !== undefined && html` with ${filled.organisation}`}</p>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'address' })}
${alert(filled.problem)}
<label for="address">Email address</label>
<input type="text" id="address" name="address" value="${filled.address ?? ''}" autocomplete="username" autocapitalize="none" spellcheck="false" inputmode="email" required autofocus${described(filled.problem)}>
<div class="buttons"><button class="primary">Next</button></div>
</form>`,
  };
}

export function passwordPage(
  place: SignInPlace,
  filled: { address: string; asksForCode: boolean; problem?: string },
): Page {
  return {
    title: 'Enter password',
    leadsTo: place.leadsTo,
    content: html`<p class="identity">${filled.address}</p>
<h1>Enter password</h1>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'password', address: filled.address })}
${alert(filled.problem)}
<label for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="current-password" required autofocus${described(filled.problem)}>
${
  filled.asksForCode &&
  html`<label for="code">Code from your authenticator app <small>(any six digits)</small></label>
<input type="text" id="code" name="code" autocomplete="one-time-code" inputmode="numeric" pattern="[0-9]{6}" required>`
}
<div class="buttons"><button class="primary">Sign in</button></div>
</form>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'account', oid: 'other' })}
<button>Use another account</button>
</form>`,
  };
}

export function accountPickerPage(
  place: SignInPlace,
  accounts: readonly SessionAccount[],
  hinted: string | undefined,
): Page {
  return {
    title: 'Pick an account',
    leadsTo: place.leadsTo,
    content: html`<h1>Pick an account</h1>
<p>to continue to ${place.appName}</p>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'account' })}
${hinted !== undefined && html`<button class="account" name="oid" value="hinted">${hinted}<small>Not signed in</small></button>`}
${accounts.map(
  ({ user }) =>
    html`<button class="account" name="oid" value="${user.oid}">${user.displayName}<small>${user.userPrincipalName} · Signed in</small></button>`,
)}
<button class="account" name="oid" value="other">Use another account</button>
</form>`,
  };
}
