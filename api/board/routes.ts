import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DUE_SOON_MINUTES, readBoard } from '../../database/board/board.ts';
import { availabilityStates } from '../../domain/offering.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, file } from '../http/answers.ts';
import { Stored } from '../http/stored.ts';
import { Count, Id, Time } from '../http/values.ts';
import { Item, itemAnswer } from '../items/schemas.ts';
import { because } from '../offers/schemas.ts';
import { TimeZone } from '../queues/target-schema.ts';
import { handledLines } from './handled-lines.ts';

const tags = ['Board'];

const figures = {
  handled: z.int().meta({ description: 'Completed items.' }),
  firstAnswerP50Seconds: z
    .number()
    .nullable()
    .meta({
      description:
        'How long senders waited for the first answer, of the items that were first answered in this time, completed or ' +
        'not; for the completion, where an item was completed without an answer. The median.',
    }),
  firstAnswerP90Seconds: z.number().nullable().meta({ description: 'The same for nine of ten items.' }),
};

const Board = z
  .object({
    asOf: Time,
    queues: z.array(
      z.object({
        id: Id,
        name: z.string(),
        waiting: z.int(),
        claimed: z.int(),
        parked: z.int(),
        oldestWaitingAt: Time.nullable(),
        overdue: z.int().nullable().meta({ description: 'Open items past the target; null: the queue has none.' }),
        dueSoon: z
          .int()
          .nullable()
          .meta({
            description: `Open items that will be past the target within ${DUE_SOON_MINUTES} minutes.`,
          }),
        ...figures,
      }),
    ),
    agents: z
      .array(
        z.object({
          actor: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
          name: z.string().nullable(),
          claimed: z.int(),
          lastAt: Time.nullable().meta({ description: 'When the agent last claimed or completed an item.' }),
          availability: Stored(availabilityStates)
            .nullable()
            .meta({ description: 'Whether items are offered to the agent. Null: never chosen.' }),
          because,
          since: Time.nullable().meta({ description: 'Since when available or away.' }),
          offered: z.int().meta({ description: 'Items that are offered to the agent now.' }),
          capacity: z.int().nullable().meta({ description: 'How many items at a time are offered. Null: an API key.' }),
          ...figures,
        }),
      )
      .meta({
        description:
          'Who holds an item, completed or answered one today, was available today, or is signed in as an agent.',
      }),
    days: z
      .array(z.object({ day: z.iso.date(), ...figures }))
      .meta({ description: 'Days on which something was done, the newest first.' }),
    held: z.array(Item).meta({ description: 'Claimed items, the longest held first, at most 200.' }),
  })
  .meta({ id: 'Board', description: 'Queues and agents: figures of today, and of the last days.' });

const Zone = TimeZone.default('UTC').meta({ description: 'Where days begin at midnight.' });

/** What supervisors see of queues and agents. */
export function boardRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/board',
      {
        config: { permission: 'items.supervise' },
        schema: {
          tags,
          summary: 'Read the board',
          description: 'What waits, who works, and what was handled today and in the last days.',
          querystring: z.strictObject({ timeZone: Zone, days: Count(1, 90, 7) }),
          response: { 200: answer(Board, 'The board.') },
        },
      },
      async (request) => {
        const { held, queues, agents, days, asOf } = await readBoard(db, {
          ...request.query,
          reach: principalOf(request).reach,
        });
        return { asOf, queues: [...queues], agents: [...agents], days: [...days], held: held.map(itemAnswer) };
      },
    );

    app.get(
      '/api/v1/board.csv',
      {
        config: { permission: 'items.supervise' },
        schema: {
          tags,
          summary: 'Export what was handled',
          description:
            'One line for each day and queue, as comma-separated values with a header, in UTF-8. Texts that a spreadsheet ' +
            'would calculate begin with an apostrophe. Sent week by week, the newest first, as it is counted.',
          querystring: z.strictObject({ timeZone: Zone, days: Count(1, 366, 31) }),
          response: { 200: file(['text/csv'], 'The lines.') },
        },
      },
      async (request, reply) => {
        const { reach } = principalOf(request);
        reply.header('content-disposition', 'attachment; filename="mailroom-board.csv"');
        reply.type('text/csv; charset=utf-8; header=present');
        return reply.send(Readable.from(handledLines(db, { ...request.query, reach })));
      },
    );
  };
}
