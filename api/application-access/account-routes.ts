import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { useApplicationAccess } from '../../database/accounts/account-access.ts';
import { findApplicationAccess, requestCheck } from '../../database/application-access/application-access.ts';
import { applicationHindrance } from '../../domain/application-access.ts';
import { isFailure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import { getAccount, queueMissing } from '../accounts/account-commands.ts';
import { Account, accountAnswer } from '../accounts/schemas.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Id, IdParams } from '../http/values.ts';
import { connectMailboxes, connectOutcomes } from './connect-mailboxes.ts';

const tags = ['Accounts'];

/** More than one person would check. */
const CONNECTED_AT_ONCE = 500;

const MailboxesToConnect = z
  .strictObject({
    addresses: z.array(z.string().max(1_000)).min(1).max(CONNECTED_AT_ONCE),
    defaultQueueId: z.uuid().optional().meta({ description: 'Without it the queue General, made when needed.' }),
    backfillDays: z.int().min(0).max(365).default(0).meta({
      description: 'Also route mail of the last days; 0: only what arrives from now on.',
    }),
  })
  .meta({ id: 'MailboxesToConnect', examples: [{ addresses: ['support@contoso.example', 'sales@contoso.example'] }] });

const ConnectedMailboxes = z
  .object({
    lines: z.array(
      z.object({
        text: z.string().meta({ description: 'As it was given.' }),
        outcome: z.enum(connectOutcomes).meta({
          description:
            '`connected`: it is read from now on; `connected-before`: by this request or another, in whichever way it is ' +
            'read; `no-address`: no e-mail address; `repeated`: it stands in an earlier line; `not-allowed`: the ' +
            'settings do not allow this mailbox; `canary`: the application must not be able to read it.',
        }),
        accountId: Id.nullable(),
      }),
    ),
    connected: z.int(),
  })
  .meta({ id: 'ConnectedMailboxes' });

/** Accounts that are read with the application's own rights. */
export function applicationAccountRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db, mailboxes, config } = dependencies;

  /** Throws while the rights of the application may not be used. */
  async function requireUse(): Promise<{ readonly canaries: readonly string[] }> {
    const view = await findApplicationAccess(db);
    const reason = applicationHindrance(view);
    if (reason === undefined) return view;
    const why = reason === 'application-access-off' ? 'switched off' : 'not proved to be limited';
    throw new Problem(
      'application-access-unused',
      `Application access is ${why}. See Config > Email, or PUT /api/v1/email/settings/application-access.`,
      { facts: { cause: reason } },
    );
  }

  return async (app) => {
    app.post(
      '/api/v1/email/accounts/connect',
      {
        config: { permission: 'accounts.change', problems: ['invalid-transition'] },
        schema: {
          tags,
          summary: 'Connect many mailboxes with application access',
          description:
            'Each address becomes an account that is read from now on, without a sign-in. Each for itself: look at the ' +
            'outcome of each line. Repeat the request as you like: what is connected stays as it is.',
          body: MailboxesToConnect,
          response: { 200: answer(ConnectedMailboxes, 'What became of each line.') },
        },
      },
      async (request) => {
        const { addresses, defaultQueueId, backfillDays } = request.body;
        const { canaries } = await requireUse();
        const { actor } = principalOf(request);
        const lines = await connectMailboxes(dependencies, actor, {
          addresses,
          defaultQueueId,
          backfillDays,
          canaries,
        });
        if (lines === undefined) throw queueMissing();
        const connected = lines.filter(({ outcome }) => outcome === 'connected').length;
        // A limit is better proved with rights that are in effect.
        if (connected > 0) await requestCheck(db);
        return { lines: lines.map((line) => ({ ...line })), connected };
      },
    );

    app.put(
      '/api/v1/email/accounts/:id/access',
      {
        config: { permission: 'accounts.change', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Read an account with application access',
          description:
            'It goes on where it is, with its rules and its mail; the tokens of its sign-in are deleted. To go back, sign in ' +
            'to the account: the sign-in takes over when it succeeds.',
          params: IdParams,
          body: z.strictObject({ access: z.literal('application') }).meta({ id: 'AccessChange' }),
          response: { 200: answer(Account, 'The account as it is now.') },
        },
      },
      async (request) => {
        await requireUse();
        const { id, address } = await getAccount(dependencies, request.params.id);
        if (await useApplicationAccess(db, principalOf(request).actor, id)) {
          // Without Temporal, the guardian notices the account within minutes.
          await mailboxes.wake({ id, address }, { because: 'sign-in-restored' }).catch((error: unknown) => {
            if (!isFailure(error)) throw error;
          });
        }
        return accountAnswer(await getAccount(dependencies, id), config.api.notificationUrl !== undefined);
      },
    );
  };
}
