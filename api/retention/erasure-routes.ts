import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordEvent } from '../../database/accounts/events.ts';
import type { Database } from '../../database/database.ts';
import { findErasure, listErasures, requestErasure } from '../../database/retention/erasures.ts';
import { exportMailOf } from '../../database/retention/sender-export.ts';
import { principalOf, requirePermission } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, file } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Count, EmailAddress, IdParams } from '../http/values.ts';
import { noSuchTarget } from './no-such-target.ts';
import { Erasure, erasureAnswer, NewErasure } from './schemas.ts';

const tags = ['Retention'];

/** Mail that is erased on request, and copies of it for whom it is of. */
export function erasureRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/erasures',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: 'List erasures',
          querystring: z.strictObject({ limit: Count(1, 200, 50), before: z.uuid().optional() }),
          response: { 200: answer(z.object({ erasures: z.array(Erasure) }), 'The newest first.') },
        },
      },
      async (request) => ({ erasures: (await listErasures(db, request.query)).map(erasureAnswer) }),
    );

    app.get(
      '/api/v1/erasures/:id',
      {
        config: { permission: 'retention.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Read the receipt of an erasure',
          params: IdParams,
          response: { 200: answer(Erasure, 'The erasure.') },
        },
      },
      async (request) => await readErasure(db, request.params.id),
    );

    app.post(
      '/api/v1/erasures',
      {
        config: { permission: 'retention.change', problems: ['invalid-transition'] },
        schema: {
          tags,
          summary: 'Erase mail',
          description:
            'Mail with attachments, answers and notes: of one item, from one sender, or of a removed account. It begins ' +
            'within a minute. Open items among it are completed. It is not captured again, and mail at Microsoft is not ' +
            'touched. Refused while a hold keeps any of it. The same request again is the same erasure until it is done.',
          body: NewErasure,
          response: { 202: answer(Erasure, 'The erasure, which becomes its receipt.') },
        },
      },
      async (request, reply) => {
        const outcome = await requestErasure(db, principalOf(request).actor, request.body);
        if (typeof outcome === 'string') throw erasureRefused(outcome, request.body.scope);
        reply.code(202);
        return await readErasure(db, outcome.id);
      },
    );

    app.post(
      '/api/v1/mail-exports',
      {
        config: { permission: 'retention.change' },
        schema: {
          tags,
          summary: "Export one sender's mail",
          description:
            'JSON Lines: a line for each mail, the oldest first, with its text, the names of its attachments, answers and ' +
            'notes. The address is in the body, so that it stands in no log.',
          body: z
            .strictObject({ address: EmailAddress })
            .meta({ id: 'NewMailExport', examples: [{ address: 'mia@fabrikam.example' }] }),
          response: { 200: file(['application/jsonl'], 'The lines.') },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        requirePermission(principal, 'items.read');
        reply.header('content-disposition', 'attachment; filename="mail.jsonl"');
        reply.type('application/jsonl; charset=utf-8');
        return reply.send(Readable.from(exportLines(db, principal.actor, request.body.address), { objectMode: false }));
      },
    );
  };
}

async function readErasure(db: Database, id: string): Promise<z.output<typeof Erasure>> {
  const erasure = await findErasure(db, id);
  if (erasure) return erasureAnswer(erasure);
  throw new Problem('no-such-erasure', 'There is no such erasure. Take the id from GET /api/v1/erasures.');
}

/** Why an erasure was not accepted, in words. */
function erasureRefused(
  refusal: 'no-such-target' | 'account-not-removed' | 'held',
  scope: 'account' | 'sender' | 'item',
): Problem {
  switch (refusal) {
    case 'no-such-target':
      return noSuchTarget(scope);
    case 'account-not-removed':
      return new Problem('account-not-removed', 'The account still reads its mailbox. Remove it first.');
    case 'held':
      return new Problem('mail-held', 'A hold keeps mail of it. Lift the hold first: GET /api/v1/holds lists them.');
  }
}

/** A line for each mail. How many left is recorded at the end, also where the client hung up. */
async function* exportLines(db: Database, actor: string, address: string): AsyncGenerator<string> {
  let messages = 0;
  try {
    for await (const mail of exportMailOf(db, address)) {
      yield `${JSON.stringify(mail)}\n`;
      messages++;
    }
  } finally {
    await recordEvent(db, { actor, name: 'mail.exported', details: { messages } });
  }
}
