import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { App, AppChanges, AppSecret } from '../create-apps.ts';
import type { EntraContext } from '../entra-context.ts';
import type { DirectoryAccount } from '../entra-directory.ts';
import { canonicalPermission } from '../graph-permissions.ts';
import { OPENID_SCOPES } from '../parse-scope.ts';
import { ControlError, parseBody } from './control-reply.ts';

const Uri = z.string().max(2_048).refine(URL.canParse, 'is no absolute URI');
const Permission = z
  .string()
  .refine(
    (name) => canonicalPermission(name) !== undefined || OPENID_SCOPES.some((scope) => scope === name),
    'is no permission of Graph',
  );
const SecretBody = z.strictObject({
  value: z.string().min(1).max(1_000).optional(),
  /** Expiry: ISO 8601, or null for never. */
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
const AppBody = z.strictObject({
  clientId: z.guid(),
  tenantId: z.guid().optional(),
  displayName: z.string().min(1).max(200).optional(),
  multiTenant: z.boolean().optional(),
  secrets: z.array(SecretBody.required({ value: true })).optional(),
  redirectUris: z.array(Uri).optional(),
  initiateLoginUri: Uri.nullable().optional(),
  enabled: z.boolean().optional(),
  assignmentRequired: z.boolean().optional(),
  adminConsentRequired: z.boolean().optional(),
  idTokensFromAuthorize: z.boolean().optional(),
  publicClient: z.boolean().optional(),
  delegatedPermissions: z.array(Permission).optional(),
  applicationPermissions: z.array(Permission).optional(),
});
const AppChangesBody = AppBody.omit({ clientId: true });
const ExpireBody = z.strictObject({ value: z.string().optional() });
const CertificateBody = z.strictObject({ pem: z.string().max(20_000) });
const ConsentBody = z.strictObject({
  /** The user whose consent it is; without it, the tenant's. */
  address: z.email().optional(),
  delegated: z.array(Permission).default([]),
  application: z.array(Permission).default([]),
});

type AppParams = { Params: { clientId: string } };
type AssignmentParams = { Params: { clientId: string; address: string } };

/** `/control/apps`: app registrations, their secrets and certificates, assignments and consents. */
export function registerControlApps(server: FastifyInstance, context: EntraContext): void {
  const { apps, consents, directory } = context;

  const getApp = (clientId: string): App => {
    const app = apps.find(clientId);
    if (!app) throw new ControlError(404, 'NotFound', `No app has the client id ${clientId}.`);
    return app;
  };
  const getUser = (address: string): DirectoryAccount => {
    const user = directory.findUser(address);
    if (!user) throw new ControlError(404, 'NotFound', `${address} is not in the directory.`);
    return user;
  };
  const view = (app: App) => ({
    ...app,
    secrets: apps.secrets(app.clientId).map(secretView),
    certificates: apps.certificates(app.clientId).map(({ thumbprint }) => thumbprint),
    assignedTo: consents.assignedUsers(app.clientId).flatMap((oid) => directory.findUser(oid)?.address ?? []),
  });
  const save = (clientId: string, { secrets, ...changes }: z.infer<typeof AppChangesBody>) => {
    const tenantId = changes.tenantId ?? apps.find(clientId)?.tenantId;
    if (tenantId === undefined || !directory.findTenant(tenantId)) {
      throw new ControlError(400, 'BadRequest', 'tenantId: names no tenant of the directory.');
    }
    const app = apps.upsert(clientId, { ...changes, tenantId: tenantId.toLowerCase() } satisfies AppChanges);
    if (secrets) apps.replaceSecrets(app.clientId, secrets.map(secretFromBody));
    return view(app);
  };

  server.get('/control/apps', () => ({ value: apps.list().map(view) }));
  server.post('/control/apps', (request, reply) => {
    const { clientId, ...changes } = parseBody(AppBody, request);
    return reply.code(apps.find(clientId) ? 200 : 201).send(save(clientId, changes));
  });
  server.get<AppParams>('/control/apps/:clientId', ({ params }) => view(getApp(params.clientId)));
  server.put<AppParams>('/control/apps/:clientId', (request) => {
    const { clientId } = parseClientId(request.params);
    return save(clientId, parseBody(AppChangesBody, request));
  });
  server.delete<AppParams>('/control/apps/:clientId', ({ params }, reply) => {
    apps.delete(getApp(params.clientId).clientId);
    return reply.code(204).send();
  });

  server.post<AppParams>('/control/apps/:clientId/secrets', (request, reply) => {
    const { clientId } = getApp(request.params.clientId);
    const { value, expiresAt } = parseBody(SecretBody, request);
    const secret = apps.addSecret(clientId, { value, expiresAt: expiresAt ? Date.parse(expiresAt) : null });
    return reply.code(201).send(secretView(secret));
  });
  server.post<AppParams>('/control/apps/:clientId/secrets/expire', (request) => {
    const { clientId } = getApp(request.params.clientId);
    return { expired: apps.expireSecrets(clientId, parseBody(ExpireBody, request).value) };
  });
  server.post<AppParams>('/control/apps/:clientId/certificates', (request, reply) => {
    const { clientId } = getApp(request.params.clientId);
    const { pem } = parseBody(CertificateBody, request);
    return reply.code(201).send({ thumbprint: addCertificate(context, clientId, pem) });
  });

  server.put<AssignmentParams>('/control/apps/:clientId/assignments/:address', ({ params }, reply) => {
    consents.assign(getApp(params.clientId).clientId, directory.ensureUser(params.address).oid);
    return reply.code(204).send();
  });
  server.delete<AssignmentParams>('/control/apps/:clientId/assignments/:address', ({ params }, reply) => {
    consents.unassign(getApp(params.clientId).clientId, getUser(params.address).oid);
    return reply.code(204).send();
  });

  server.post<AppParams>('/control/apps/:clientId/consents', (request, reply) => {
    const { clientId, tenantId } = getApp(request.params.clientId);
    const { address, delegated, application } = parseBody(ConsentBody, request);
    if (address === undefined) consents.giveForTenant(clientId, tenantId, { delegated, application });
    else {
      const user = directory.ensureUser(address);
      consents.giveAsUser(clientId, user.tenantId, user.oid, delegated);
    }
    return reply.code(204).send();
  });
  server.delete<AppParams & { Querystring: { address?: string } }>(
    '/control/apps/:clientId/consents',
    ({ params, query }, reply) => {
      const { clientId, tenantId } = getApp(params.clientId);
      if (query.address === undefined) consents.withdrawForTenant(clientId, tenantId);
      else consents.withdrawAsUser(getUser(query.address).oid, clientId);
      return reply.code(204).send();
    },
  );
}

function parseClientId(params: { clientId: string }): { clientId: string } {
  const result = z.guid().safeParse(params.clientId);
  if (!result.success) throw new ControlError(400, 'BadRequest', 'A client id is a GUID.');
  return { clientId: result.data };
}

function addCertificate({ apps }: EntraContext, clientId: string, pem: string): string {
  try {
    return apps.addCertificate(clientId, pem);
  } catch {
    throw new ControlError(400, 'BadRequest', 'pem: is no X.509 certificate in PEM.');
  }
}

function secretFromBody({ value, expiresAt }: { value: string; expiresAt?: string | null | undefined }): AppSecret {
  return { value, expiresAt: expiresAt ? Date.parse(expiresAt) : null };
}

function secretView({ value, expiresAt }: AppSecret): { value: string; expiresAt: string | null } {
  return { value, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
