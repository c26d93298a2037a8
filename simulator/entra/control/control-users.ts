import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EntraContext } from '../entra-context.ts';
import type { DirectoryAccount } from '../entra-directory.ts';
import { ControlError, parseBody } from './control-reply.ts';

const UserChangesBody = z.strictObject({
  /** Renames the mailbox; the previous address does not become an alias. */
  address: z.email().max(254).optional(),
  displayName: z.string().min(1).max(200).optional(),
  userPrincipalName: z.email().optional(),
  aliases: z.array(z.email()).optional(),
  enabled: z.boolean().optional(),
  administrator: z.boolean().optional(),
  mfaRequired: z.boolean().optional(),
  blockedByPolicy: z.boolean().optional(),
  appRoles: z.array(z.string().min(1).max(120)).max(100).optional(),
  groups: z.array(z.string().min(1).max(120)).max(3_000).optional(),
});
const UserBody = UserChangesBody.extend({ address: z.email().max(254) });

type UserParams = { Params: { address: string } };

/**
 * `/control/users`: creates, changes and deletes users. An address may be any of the user's addresses, or the object
 * id.
 */
export function registerControlUsers(server: FastifyInstance, { directory }: EntraContext): void {
  const getUser = (address: string): DirectoryAccount => {
    const user = directory.findUser(address);
    if (!user) throw new ControlError(404, 'NotFound', `${address} is not in the directory.`);
    return user;
  };

  server.get('/control/users', () => ({ value: directory.listUsers() }));
  server.post('/control/users', (request, reply) => {
    const { address, ...changes } = parseBody(UserBody, request);
    const status = directory.findUser(address) ? 200 : 201;
    return reply.code(status).send(directory.updateUser(directory.ensureUser(address).oid, changes));
  });
  server.get<UserParams>('/control/users/:address', ({ params }) => getUser(params.address));
  server.patch<UserParams>('/control/users/:address', (request) => {
    const changes = parseBody(UserChangesBody, request);
    return directory.updateUser(getUser(request.params.address).oid, changes);
  });
  server.delete<UserParams>('/control/users/:address', ({ params }, reply) => {
    directory.deleteUser(getUser(params.address).oid);
    return reply.code(204).send();
  });
}
