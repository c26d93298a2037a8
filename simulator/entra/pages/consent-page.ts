import type { App } from '../create-apps.ts';
import type { DirectoryAccount } from '../entra-directory.ts';
import { describePermission } from '../graph-permissions.ts';
import { type Html, hiddenFields, html } from './html.ts';
import type { Page } from './send-page.ts';
import type { SignInPlace } from './sign-in-pages.ts';

/** A list of permissions with their descriptions, each with a folded explanation. */
export function permissionList(permissions: readonly string[]): Html[] {
  return permissions.map((name) => {
    const { title, detail } = describePermission(name);
    return html`<details><summary>${title}</summary><small>${detail} <code>${name}</code></small></details>`;
  });
}

/** Asks a user to give an app the requested permissions. Administrators may answer for the whole tenant. */
export function consentPage(
  place: SignInPlace,
  app: App,
  user: DirectoryAccount,
  permissions: readonly string[],
): Page {
  return {
    title: 'Permissions requested',
    leadsTo: place.leadsTo,
    content: html`<p class="identity">${user.userPrincipalName}</p>
<h1>Permissions requested</h1>
<p><strong>${app.displayName}</strong> would like to:</p>
${permissionList(permissions)}
<p><small>Approving means that this app may use your data as its publisher says. You can take the permission back at any time.</small></p>
<form method="post" action="${place.action}">
${hiddenFields({ step: 'consent', oid: user.oid })}
${
  user.administrator &&
  html`<label class="check"><input type="checkbox" name="wholeTenant" value="yes"> Consent on behalf of your organization</label>`
}
<div class="buttons">
<button name="decision" value="cancel">Cancel</button>
<button class="primary" name="decision" value="approve" autofocus>Approve</button>
</div>
</form>`,
  };
}
