import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { transact } from '../../transact.ts';
import type { App } from '../create-apps.ts';
import { MAILROOM_CLIENT_ID } from '../default-directory.ts';
import type { EntraContext } from '../entra-context.ts';
import { REVOCATION_REASONS } from '../entra-directory.ts';
import { issueTokens } from '../issue-tokens.ts';
import { effectivePermissions, parseScope } from '../parse-scope.ts';
import { originOf } from '../request-facts.ts';
import { readTokenSettings, writeTokenSettings } from '../token-settings.ts';
import { AddressList, expandAddresses } from './address-list.ts';
import { ControlError, parseBody } from './control-reply.ts';

/** A year: longer than any of Microsoft's tokens lives. */
const LONGEST_LIFETIME_SECONDS = 366 * 24 * 3_600;

const Lifetime = z.int().min(0).max(LONGEST_LIFETIME_SECONDS);
const RevokeBody = z.strictObject({ address: z.string(), reason: z.enum(REVOCATION_REASONS) });
const SettingsBody = z.strictObject({
  accessTokenLifetimeSeconds: Lifetime.optional(),
  refreshTokenLifetimeSeconds: Lifetime.optional(),
  supersededRefreshTokenLifetimeSeconds: Lifetime.nullable().optional(),
  codeLifetimeSeconds: Lifetime.optional(),
});
const IssueBody = z.strictObject({
  address: z.email(),
  clientId: z.guid().default(MAILROOM_CLIENT_ID),
  scope: z.string().default('openid profile offline_access User.Read Mail.Read'),
  capabilities: z.array(z.string()).default([]),
});
const BulkIssueBody = IssueBody.omit({ address: true }).extend({ addresses: AddressList });

/**
 * `/control/tokens` and `/control/keys`: revokes tokens, changes lifetimes, issues tokens without a browser, rolls the
 * signing key.
 */
export function registerControlTokens(server: FastifyInstance, context: EntraContext): void {
  const { accessTokens, apps, consents, database, directory } = context;

  const getApp = (clientId: string): App => {
    const app = apps.find(clientId);
    if (!app) throw new ControlError(404, 'NotFound', `No app has the client id ${clientId}.`);
    return app;
  };

  server.post('/control/tokens/revoke', (request, reply) => {
    const { address, reason } = parseBody(RevokeBody, request);
    const user = directory.findUser(address);
    if (!user) throw new ControlError(404, 'NotFound', `${address} is not in the directory.`);
    if (reason === 'consent-withdrawn') consents.withdrawAsUser(user.oid);
    directory.revoke(user.oid, reason);
    return reply.code(204).send();
  });

  server.get('/control/tokens/settings', () => readTokenSettings(database));
  server.patch('/control/tokens/settings', (request) => {
    const changes = Object.entries(parseBody(SettingsBody, request)).filter(([, value]) => value !== undefined);
    writeTokenSettings(database, { ...readTokenSettings(database), ...Object.fromEntries(changes) });
    return readTokenSettings(database);
  });

  // For scripts that use only Graph: tokens as from a sign-in, with exactly the requested scopes.
  server.post('/control/tokens', async (request, reply) => {
    const { address, clientId, scope, capabilities } = parseBody(IssueBody, request);
    const app = getApp(clientId);
    const user = directory.ensureUser(address);
    const origin = originOf(request);
    const requested = parseScope(scope, origin, { app: app.displayName, tenant: user.tenantId });
    const permissions = effectivePermissions(requested, app.delegatedPermissions);
    consents.giveAsUser(app.clientId, user.tenantId, user.oid, permissions);
    const asked = { app, user, origin, scope, onlyAsked: true };
    const issue = { ...asked, sessionId: randomUUID(), mfa: true, withClientInfo: true };
    return reply.code(201).send(await issueTokens(context, { ...issue, capabilities: capabilities.map(lowerCase) }));
  });

  // Signing a token takes a millisecond, and users connected in bulk do not need one yet.
  server.post('/control/tokens/bulk', (request, reply) => {
    const { addresses, clientId, scope, capabilities } = parseBody(BulkIssueBody, request);
    const app = getApp(clientId);
    const requested = parseScope(scope, originOf(request), { app: app.displayName, tenant: app.tenantId });
    const permissions = effectivePermissions(requested, app.delegatedPermissions);
    const tokens = transact(database, () =>
      expandAddresses(addresses).map((address) => {
        const user = directory.ensureUser(address);
        consents.giveAsUser(app.clientId, user.tenantId, user.oid, permissions);
        const refreshToken = context.refreshTokens.issue({
          clientId: app.clientId,
          tenantId: user.tenantId,
          oid: user.oid,
          scope,
          capabilities: capabilities.map(lowerCase),
          sessionId: randomUUID(),
          mfa: true,
          generation: user.generation,
        });
        return { address: user.address, oid: user.oid, tenantId: user.tenantId, refresh_token: refreshToken };
      }),
    );
    return reply.code(201).send({ tokens });
  });

  server.post('/control/keys/rotate', async (_, reply) => {
    return reply.code(201).send({ kid: await accessTokens.keys.rotate() });
  });
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
