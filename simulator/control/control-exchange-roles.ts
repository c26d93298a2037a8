import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseBody } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { ensureMailbox } from './resolve-mailbox.ts';

/** Roles of Exchange that concern mail. */
const ROLES = [
  'Application Mail.Read',
  'Application Mail.ReadBasic',
  'Application Mail.ReadWrite',
  'Application Mail.Send',
];

const ExchangeRoles = z.strictObject({
  roles: z
    .array(
      z.strictObject({
        role: z.string().refine((name) => ROLES.includes(name), 'is no role of an application for mail'),
        /** The management scope; without it, all mailboxes of the tenant. */
        mailboxes: z.array(z.string()).max(10_000).optional(),
      }),
    )
    .max(20),
  /** Until the change takes effect; the former roles hold until then. Exchange takes half an hour to two hours. */
  afterSeconds: z.number().min(0).max(86_400).default(0),
});

/** `/control/apps/{clientId}/exchange-roles`: what Exchange allows an app, by mailbox. */
export function registerControlExchangeRoles(app: FastifyInstance, context: GraphContext): void {
  app.put<{ Params: { clientId: string } }>('/control/apps/:clientId/exchange-roles', (request, reply) => {
    const { params } = request;
    const { roles, afterSeconds } = parseBody(ExchangeRoles, request);
    if (!z.guid().safeParse(params.clientId).success) {
      throw new ControlError(400, 'BadRequest', 'A client id is a GUID.');
    }
    context.exchangeRoles.replace(
      params.clientId.toLowerCase(),
      roles.map(({ role, mailboxes }) => ({
        role,
        mailboxOids: mailboxes?.map((address) => ensureMailbox(context, address).oid) ?? null,
      })),
      afterSeconds * 1_000,
    );
    return reply.code(204).send();
  });
}
