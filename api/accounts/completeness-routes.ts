import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordEvent } from '../../database/accounts/events.ts';
import { type DifferenceView, listDifferences } from '../../database/ingest/differences.ts';
import { findCompleteness, hurryReconciliation, requestReconciliation } from '../../database/ingest/reconciliations.ts';
import { accountState } from '../../domain/account-state.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Before, Count, IdParams } from '../http/values.ts';
import { tendLater } from '../notifications/tending.ts';
import { getAccount, getAccountRef, noSuchAccount } from './account-commands.ts';
import { stateWords } from './account-words.ts';
import { Completeness, completenessAnswer } from './completeness-schemas.ts';

const tags = ['Accounts'];

/** Completeness of a mailbox: the last reconciliation, and the messages that were missing. */
export function completenessRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;

  async function read(accountId: string, differences: readonly DifferenceView[]) {
    const view = await findCompleteness(db, accountId);
    if (!view) throw noSuchAccount();
    return completenessAnswer(view, differences);
  }

  return async (app) => {
    const tend = tendLater(app, dependencies);

    app.get(
      '/api/v1/email/accounts/:id/completeness',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Whether everything of a mailbox is in Mailroom',
          description:
            'The inbox is compared with what is captured once a day, after Microsoft lost track of what was read, and ' +
            'on request. What was missing is captured, and listed as a difference.',
          params: IdParams,
          querystring: z.strictObject({ limit: Count(1, 500, 100), before: Before }),
          response: { 200: answer(Completeness, 'The last comparison, and the differences of all, newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        return await read(id, await listDifferences(db, id, request.query));
      },
    );

    app.post(
      '/api/v1/email/accounts/:id/completeness',
      {
        config: { permission: 'accounts.change', problems: ['not-found', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Compare a mailbox with Mailroom now',
          description:
            'The comparison begins after the drain that is under way, and takes about a second for each thousand messages. ' +
            'While one is under way it goes on, at once where it was interrupted, and no other begins.',
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: {
            202: answer(Completeness, 'What is known until then; `dueAt` has passed, or `underWay` is set.'),
          },
        },
      },
      async (request, reply) => {
        const { id, address, signIn, enabled, signInReason } = await getAccount(dependencies, request.params.id);
        const state = accountState({ signIn, enabled, removed: false });
        if (state !== 'authenticated') {
          const next = enabled ? 'Sign in to it first.' : 'Enable it first.';
          const detail = `The account is not read at the moment (${stateWords(state, signInReason)}). ${next}`;
          throw new Problem(enabled ? 'account-not-signed-in' : 'account-not-enabled', detail);
        }
        await db.transaction().execute(async (trx) => {
          // An interrupted reconciliation may wait minutes for its next turn.
          if ((await findCompleteness(trx, id))?.startedAt) return await hurryReconciliation(trx, id);
          await requestReconciliation(trx, id);
          const { actor } = principalOf(request);
          await recordEvent(trx, { actor, name: 'account.comparison-requested', accountId: id });
        });
        tend({ id, address });
        reply.code(202);
        return await read(id, await listDifferences(db, id, { limit: 100 }));
      },
    );
  };
}
