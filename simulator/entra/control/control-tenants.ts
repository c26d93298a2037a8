import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { consentPolicies } from '../consent-policy.ts';
import type { EntraContext } from '../entra-context.ts';
import { parseBody } from './control-reply.ts';

const TenantBody = z.strictObject({
  tenantId: z.guid().optional(),
  displayName: z.string().min(1).max(200).optional(),
  domains: z.array(z.hostname()).optional(),
  createsUsersOnFirstUse: z.boolean().optional(),
  consentPolicy: z.enum(consentPolicies).optional(),
});

/** `/control/tenants`: lists the organisations; POST creates one, or changes the one with the given id. */
export function registerControlTenants(server: FastifyInstance, { directory }: EntraContext): void {
  server.get('/control/tenants', () => ({ value: directory.listTenants() }));
  server.post('/control/tenants', (request, reply) => {
    const { tenantId = randomUUID(), ...changes } = parseBody(TenantBody, request);
    const status = directory.findTenant(tenantId) ? 200 : 201;
    return reply.code(status).send(directory.upsertTenant(tenantId, changes));
  });
}
