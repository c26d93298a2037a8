import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './create-apps.ts';
import type { EntraContext } from './entra-context.ts';
import type { DirectoryAccount } from './entra-directory.ts';
import { formOf, type Parameters } from './form-parameters.ts';
import { MY_APPS_PATH } from './my-apps.ts';
import { type Html, hiddenFields, html } from './pages/html.ts';
import { sendPage } from './pages/send-page.ts';
import { readSessionCookie } from './session-cookie.ts';
import { findOrCreate } from './sign-in.ts';

const PATH = `${MY_APPS_PATH}/admin`;

/** The administrator's page: assigns users to the tenant's apps, and consents for the whole tenant. */
export function registerMyAppsAdmin(server: FastifyInstance, context: EntraContext): void {
  const { sessions } = context;

  const administrator = (request: FastifyRequest): DirectoryAccount | undefined =>
    sessions.accounts(readSessionCookie(request)).find(({ user }) => user.administrator)?.user;

  server.get(PATH, (request, reply) => {
    const user = administrator(request);
    return user ? sendOverview(context, reply, user) : refuse(reply);
  });

  server.post(PATH, (request, reply) => {
    const user = administrator(request);
    if (!user) return refuse(reply);
    const problem = change(context, user, formOf(request));
    return problem === undefined ? reply.redirect(PATH, 303) : sendOverview(context, reply, user, problem);
  });
}

/** Performs the action of a form on the page. Returns what was wrong with it, as text. */
function change(context: EntraContext, user: DirectoryAccount, form: Parameters): string | undefined {
  const { apps, consents, directory } = context;
  const app = apps.find(form.clientId ?? '');
  if (!app || app.tenantId !== user.tenantId) return 'This app is not one of your organization.';
  const { clientId, tenantId } = app;
  switch (form.step) {
    case 'assign': {
      const assignee = findOrCreate(context, form.address?.trim() ?? '');
      if (!assignee) return `"${form.address ?? ''}" is not the address of a user.`;
      if (assignee.tenantId !== tenantId) return `${assignee.address} belongs to another organization.`;
      consents.assign(clientId, assignee.oid);
      return undefined;
    }
    case 'unassign':
      consents.unassign(clientId, directory.findUser(form.oid ?? '')?.oid ?? '');
      return undefined;
    case 'require-assignment':
      apps.upsert(clientId, { assignmentRequired: form.required === 'yes' });
      return undefined;
    case 'require-admin-consent':
      apps.upsert(clientId, { adminConsentRequired: form.required === 'yes' });
      return undefined;
    case 'consent':
      consents.giveForTenant(clientId, tenantId, {
        delegated: app.delegatedPermissions,
        application: app.applicationPermissions,
      });
      return undefined;
    case 'withdraw':
      consents.withdrawForTenant(clientId, tenantId);
      return undefined;
    default:
      return 'This form is not known here.';
  }
}

function refuse(reply: FastifyReply): FastifyReply {
  return sendPage(reply, {
    title: 'Manage apps',
    status: 403,
    content: html`<h1>Only for administrators</h1>
<p>Sign in as an administrator of your organization, such as <code>admin@contoso.example</code>.</p>
<div class="buttons"><a class="button primary" href="${MY_APPS_PATH}/sign-in">Sign in</a></div>`,
  });
}

function sendOverview(
  context: EntraContext,
  reply: FastifyReply,
  user: DirectoryAccount,
  problem?: string,
): FastifyReply {
  const organisation = context.directory.findTenant(user.tenantId)?.displayName ?? '';
  const apps = context.apps.list().filter(({ tenantId }) => tenantId === user.tenantId);
  return sendPage(reply, {
    title: 'Manage apps',
    status: problem === undefined ? 200 : 400,
    wide: true,
    content: html`<p class="identity">${user.userPrincipalName} · ${organisation}</p>
<h1>Manage apps</h1>
${problem !== undefined && html`<p class="alert" role="alert">${problem}</p>`}
${apps.map((app) => appSection(context, app))}
<div class="buttons"><a class="button" href="${MY_APPS_PATH}">My Apps</a></div>`,
  });
}

function appSection({ consents, directory }: EntraContext, app: App): Html {
  const { clientId } = app;
  const assigned = consents.assignedUsers(clientId).flatMap((oid) => directory.findUser(oid) ?? []);
  // '*' matches no object id: only the tenant-wide consent remains.
  const tenantWide = consents.delegated(clientId, app.tenantId, '*').size > 0;
  return html`<section aria-label="${app.displayName}">
<h2>${app.displayName}</h2>
<p><small>Application (client) ID <code>${clientId}</code></small></p>
<ul class="plain">
<li><span>${app.assignmentRequired ? 'Only assigned users may sign in.' : 'Every user may sign in.'}</span>
${button(app, 'require-assignment', app.assignmentRequired ? 'Let every user sign in' : 'Require assignment', { required: app.assignmentRequired ? 'no' : 'yes' })}</li>
<li><span>${app.adminConsentRequired ? 'Only administrators may consent.' : 'Users may consent for themselves.'}</span>
${button(app, 'require-admin-consent', app.adminConsentRequired ? 'Let users consent' : 'Require admin consent', { required: app.adminConsentRequired ? 'no' : 'yes' })}</li>
<li><span>${tenantWide ? 'Consent was given for the whole organization.' : 'No consent for the whole organization.'}</span>
${tenantWide ? button(app, 'withdraw', 'Withdraw consent', {}) : button(app, 'consent', 'Grant admin consent', {})}</li>
</ul>
<h3>Assigned users</h3>
${assigned.length === 0 && html`<p>Nobody yet.</p>`}
<ul class="plain">${assigned.map(
    (user) =>
      html`<li><span class="identity">${user.displayName} · ${user.address}</span>${button(app, 'unassign', `Remove ${user.displayName}`, { oid: user.oid })}</li>`,
  )}</ul>
<form method="post" action="${PATH}" class="row">
${hiddenFields({ step: 'assign', clientId })}
<div><label for="assign-${clientId}">Email address</label>
<input type="text" id="assign-${clientId}" name="address" inputmode="email" autocapitalize="none" required></div>
<button class="primary">Assign</button>
</form>
</section>`;
}

function button(app: App, step: string, words: string, fields: Readonly<Record<string, string>>): Html {
  return html`<form method="post" action="${PATH}">${hiddenFields({ step, clientId: app.clientId, ...fields })}<button>${words}</button></form>`;
}
