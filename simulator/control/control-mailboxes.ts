import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AddressList, expandAddresses } from '../entra/control/address-list.ts';
import { parseBody, parseQuery } from '../entra/control/control-reply.ts';
import type { GraphContext } from '../graph/graph-context.ts';
import { folderId } from '../graph/identifiers.ts';
import { transact } from '../transact.ts';
import { type DirectoryWriter, ensureMailbox, findFolder, makeShared } from './resolve-mailbox.ts';

const NewMailbox = z.strictObject({
  address: z.string(),
  displayName: z.string().min(1).optional(),
  /** A shared mailbox: sign-in to it is blocked. */
  shared: z.boolean().default(false),
});
const Search = z.object({
  search: z.string().default(''),
  top: z.coerce.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
});
const ManyMailboxes = z.strictObject({ mailboxes: AddressList, shared: z.boolean().default(false) });
const NewFolder = z.strictObject({ displayName: z.string().min(1).max(255), parent: z.string().optional() });

interface MailboxParams {
  readonly Params: { readonly address: string };
}

interface DelegateParams {
  readonly Params: { readonly address: string; readonly user: string };
}

/** `/control/mailboxes`: mailboxes, their folders and delegates, and the loss of sync state. */
export function registerControlMailboxes(
  app: FastifyInstance,
  context: GraphContext,
  directory: DirectoryWriter,
): void {
  const { mailboxes, folders } = context;

  app.get('/control/mailboxes', (request) => {
    const { search, top } = parseQuery(Search, request);
    return { mailboxes: mailboxes.list(search, top) };
  });

  app.post('/control/mailboxes', (request, reply) => {
    const { address, displayName, shared } = parseBody(NewMailbox, request);
    const mailbox = ensureMailbox(context, address, displayName);
    if (shared) makeShared(directory, mailbox);
    const user = context.directory.findUser(mailbox.oid);
    const isRenamed = displayName !== undefined && user !== undefined && user.displayName !== displayName;
    const current = isRenamed ? directory.updateUser(mailbox.oid, { displayName }) : user;
    return reply.code(201).send({
      address: mailbox.address,
      displayName: current?.displayName,
      id: mailbox.oid,
      tenantId: current?.tenantId,
    });
  });

  app.post('/control/mailboxes/bulk', (request, reply) => {
    const { mailboxes: list, shared } = parseBody(ManyMailboxes, request);
    const addresses = expandAddresses(list);
    transact(context.database, () => {
      for (const address of addresses) {
        const mailbox = ensureMailbox(context, address);
        if (shared) makeShared(directory, mailbox);
      }
    });
    return reply.code(201).send({ mailboxes: addresses.length });
  });

  app.get<MailboxParams>('/control/mailboxes/:address/folders', (request) => {
    const mailbox = ensureMailbox(context, request.params.address);
    const all = folders.listChildren(mailbox, findFolder(context, mailbox, 'msgfolderroot'), true);
    return {
      folders: all.map((folder) => ({
        id: folderId(mailbox, folder.number),
        wellKnownName: folder.wellKnown,
        displayName: folder.displayName,
        messages: folder.total,
        unread: folder.unread,
      })),
    };
  });

  app.post<MailboxParams>('/control/mailboxes/:address/folders', (request, reply) => {
    const { displayName, parent = 'msgfolderroot' } = parseBody(NewFolder, request);
    const mailbox = ensureMailbox(context, request.params.address);
    const folder =
      folders.create(mailbox, findFolder(context, mailbox, parent), displayName, false) ??
      findFolder(context, mailbox, displayName);
    return reply.code(201).send({ id: folderId(mailbox, folder.number), displayName: folder.displayName });
  });

  app.put<DelegateParams>('/control/mailboxes/:address/delegates/:user', ({ params }, reply) => {
    const isNew = context.directory.findUser(params.address) === undefined;
    const owner = ensureMailbox(context, params.address);
    if (isNew) makeShared(directory, owner);
    mailboxes.setDelegate(owner.oid, ensureMailbox(context, params.user).oid, true);
    return reply.code(204).send();
  });

  app.delete<DelegateParams>('/control/mailboxes/:address/delegates/:user', ({ params }, reply) => {
    mailboxes.setDelegate(ensureMailbox(context, params.address).oid, ensureMailbox(context, params.user).oid, false);
    return reply.code(204).send();
  });

  app.post<MailboxParams>('/control/mailboxes/:address/lose-sync-state', (request, reply) => {
    mailboxes.loseSyncState(ensureMailbox(context, request.params.address));
    return reply.code(204).send();
  });
}
