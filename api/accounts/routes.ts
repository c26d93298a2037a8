import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AccountView, accountOrders, listAccounts } from '../../database/accounts/account-reads.ts';
import { changeRest } from '../../database/accounts/account-toggle.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import type { Cookies } from '../http/cookies.ts';
import { problemDocument } from '../http/problem.ts';
import { toProblem } from '../http/to-problem.ts';
import { Count, IdParams, Line } from '../http/values.ts';
import { signInLinks } from '../sign-in/sign-in-link.ts';
import { getAccount, getAccountRef, type StartedSignIn, startAccount, startSignInAgain } from './account-commands.ts';
import { type Removed, removeAccount, removeAccounts } from './remove-accounts.ts';
import {
  Account,
  AccountChange,
  AccountNotRemoved,
  AccountWithSignIn,
  accountAnswer,
  ChangedAccount,
  MailOfRemoved,
  MissedMail,
  NewAccount,
  RemovedAccount,
  RequestId,
  SignInAgain,
} from './schemas.ts';
import { toggleAccount } from './toggle-account.ts';

const tags = ['Accounts'];

/** More than anyone ticks on one page. */
const REMOVED_AT_ONCE = 500;

/** Connected mailboxes, from adding to removing. */
export function accountRoutes(dependencies: ApiDependencies, cookies: Cookies): FastifyPluginAsyncZod {
  const { db, mailboxes, config } = dependencies;
  const shown = (account: AccountView) => accountAnswer(account, config.api.notificationUrl !== undefined);
  const { leadToMicrosoft } = signInLinks(dependencies, cookies);

  /** Who starts a sign-in in a page of ours has said there what is wanted: that browser need not be asked again. */
  async function started(
    request: FastifyRequest,
    reply: FastifyReply,
    { account, url, token, expiresAt }: StartedSignIn,
  ): Promise<z.output<typeof AccountWithSignIn>> {
    const isBrowser = principalOf(request).kind === 'user';
    return {
      ...shown(account),
      signInUrl: url,
      microsoftUrl: isBrowser ? await leadToMicrosoft(request, reply, token) : null,
      signInExpiresAt: expiresAt,
    };
  }

  return async (app) => {
    app.get(
      '/api/v1/email/accounts',
      {
        config: { permission: 'accounts.read' },
        schema: {
          tags,
          summary: 'List accounts',
          querystring: z.strictObject({
            search: Line(254).optional().meta({ description: 'Part of the address, or of that of who signs in.' }),
            sort: z.enum(accountOrders).default('address'),
            order: z.enum(['ascending', 'descending']).default('ascending'),
            page: Count(1, 100_000, 1),
            pageSize: Count(1, 200, 50),
          }),
          response: {
            200: answer(
              z.object({ accounts: z.array(Account), total: z.int(), page: z.int(), pageSize: z.int() }),
              'A page of accounts; `total` counts all pages.',
            ),
          },
        },
      },
      async (request) => {
        const { search, sort, order, page, pageSize } = request.query;
        const { accounts, total } = await listAccounts(db, {
          search,
          sort,
          descending: order === 'descending',
          limit: pageSize,
          offset: (page - 1) * pageSize,
        });
        return { accounts: accounts.map(shown), total, page, pageSize };
      },
    );

    app.post(
      '/api/v1/email/accounts',
      {
        config: { permission: 'accounts.change', problems: ['already-connected', 'settings-missing'] },
        schema: {
          tags,
          summary: 'Add an account',
          description:
            'The account waits for its sign-in: open `signInUrl` in a browser, or send it to the owner of the mailbox. A ' +
            'shared mailbox has no sign-in of its own: `signInAs` names who signs in for it.',
          body: NewAccount,
          response: { 201: answer(AccountWithSignIn, 'The account, and where to sign in.') },
        },
      },
      async (request, reply) => {
        const addition = await startAccount(dependencies, principalOf(request).actor, request.body);
        reply.code(201).header('location', `/api/v1/email/accounts/${addition.account.id}`);
        return await started(request, reply, addition);
      },
    );

    app.post(
      '/api/v1/email/accounts/remove',
      {
        config: { permission: 'accounts.change' },
        schema: {
          tags,
          summary: 'Remove many accounts',
          description: 'Each for itself: look at the result of each id.',
          body: z
            .strictObject({
              ids: z.array(z.uuid()).min(1).max(REMOVED_AT_ONCE),
              requestId: RequestId,
              mail: MailOfRemoved,
            })
            .meta({ examples: [{ ids: ['01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11'] }] }),
          response: {
            200: answer(
              z.object({
                results: z.array(z.union([RemovedAccount, AccountNotRemoved])),
              }),
              'What became of each id.',
            ),
          },
        },
      },
      async (request) => {
        const results = await removeAccounts(dependencies, request, request.body);
        return {
          results: results.map((result) =>
            'receipt' in result
              ? removedAnswer(result, result)
              : { id: result.id, removed: false as const, problem: mutableProblem(result.error, request.id) },
          ),
        };
      },
    );

    app.get(
      '/api/v1/email/accounts/:id',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Read an account',
          params: IdParams,
          response: { 200: answer(Account, 'The account.') },
        },
      },
      async (request) => shown(await getAccount(dependencies, request.params.id)),
    );

    app.patch(
      '/api/v1/email/accounts/:id',
      {
        config: { permission: 'accounts.change', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Disable or enable an account, or let it rest',
          description:
            'Disabled: no mail of the account is routed, from the moment of the answer. Enabled again: `catch-up` ' +
            'routes the mail that arrived in between, `from-now` does not. What is so already is answered like a change. Commands are ' +
            'carried out in the order in which they were accepted. An account that may rest is polled less often while no ' +
            'mail comes.',
          params: IdParams,
          body: AccountChange,
          response: { 200: answer(ChangedAccount, 'The account as it is now, and what became of the command.') },
        },
      },
      async (request) => {
        const { body } = request;
        const { actor } = principalOf(request);
        const ref = await getAccountRef(dependencies, request.params.id);
        const { restsWhenQuiet } = body;
        // The command that may be refused comes first.
        const command = await toggleAccount(dependencies, request, ref, body);
        if (restsWhenQuiet !== undefined) await changeRest(db, ref.id, { actor, restsWhenQuiet });
        return { ...shown(await getAccount(dependencies, ref.id)), command };
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/missed',
      {
        config: { permission: 'accounts.change', problems: ['not-found', 'sign-in-needed'] },
        schema: {
          tags,
          summary: 'Count what came while an account was disabled',
          description: 'What `catch-up` would route, as the mail server counts it now.',
          params: IdParams,
          response: { 200: answer(MissedMail, 'How many messages, and since when.') },
        },
      },
      async (request) => {
        const { count, since } = await mailboxes.countMissed(await getAccountRef(dependencies, request.params.id));
        return { count, since: new Date(since) };
      },
    );

    app.delete(
      '/api/v1/email/accounts/:id',
      {
        config: { permission: 'accounts.change', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Remove an account',
          description:
            'Routing stops and the tokens are deleted. Mail that was captured stays, and open items in their queues, ' +
            'unless it is to be erased.',
          params: IdParams,
          querystring: z.strictObject({ requestId: RequestId, mail: MailOfRemoved }),
          response: { 200: answer(RemovedAccount, 'What was done.') },
        },
      },
      async (request) => {
        const { ref, ...removed } = await removeAccount(dependencies, request, request.params.id, request.query);
        return removedAnswer(ref, removed);
      },
    );

    app.post(
      '/api/v1/email/accounts/:id/sign-in',
      {
        config: {
          permission: 'accounts.change',
          problems: ['not-found', 'settings-missing', 'invalid-transition', 'already-connected'],
        },
        schema: {
          tags,
          summary: 'Start the sign-in again',
          description:
            'A new link, good for a day. An account that is connected stays as it is until that sign-in succeeds. It may ' +
            'name another person for a shared mailbox, the new address of a mailbox that was renamed, and who signs in for ' +
            'one that became shared.',
          params: IdParams,
          body: SignInAgain.nullish(),
          response: { 200: answer(AccountWithSignIn, 'The account, and where to sign in.') },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        const { actor } = principalOf(request);
        return await started(request, reply, await startSignInAgain(dependencies, actor, params.id, body ?? {}));
      },
    );
  };
}

function removedAnswer(
  { id, address }: { readonly id: string; readonly address: string },
  { receipt, erasureId }: Pick<Removed, 'receipt' | 'erasureId'>,
): z.output<typeof RemovedAccount> {
  const { tokensDeleted, notificationsEnded, itemsKept, removedAt } = receipt;
  const kept = itemsKept === 1 ? 'One open item stays in its queue' : `${itemsKept} open items stay in their queues`;
  const words = [
    `${address} is removed.`,
    tokensDeleted && 'Its tokens are deleted.',
    !notificationsEnded &&
      'The notifications could not be cancelled at Microsoft; they end on their own within a week.',
    erasureId === null ? `${kept}.` : 'Its mail is being erased.',
  ]
    .filter(Boolean)
    .join(' ');
  return { id, address, removed: true, tokensDeleted, itemsKept, removedAt: new Date(removedAt), erasureId, words };
}

function mutableProblem(error: unknown, reference: string): z.output<typeof AccountNotRemoved>['problem'] {
  const { errors, facts, ...document } = problemDocument(toProblem(error), reference);
  return { ...document, ...(facts && { facts: { ...facts } }), ...(errors && { errors: [...errors] }) };
}
