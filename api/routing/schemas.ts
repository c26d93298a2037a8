import { z } from 'zod';
import { refusedAs } from '../http/value-problem.ts';
import { Id } from '../http/values.ts';
import { QueueRef } from '../queues/schemas.ts';

/** Any white space in a keyword matches any other; it is stored as one blank. */
const Keyword = z
  .string()
  .overwrite((text) => text.replace(/\s+/gu, ' ').trim())
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), refusedAs('control-characters'))
  .meta({ examples: ['invoice'] });

const RuleInput = z.strictObject({
  id: z.uuid().optional().meta({ description: 'Of a rule that is kept; without it the rule is new.' }),
  queueId: z.uuid(),
  keywords: z.array(Keyword).min(1).max(100),
});

/** Rules as they are written by clients. */
export const rulesInput = z.array(RuleInput).max(200).meta({ description: 'In order: the first that matches wins.' });

export const RoutingInput = z
  .strictObject({
    version: z.int().min(1).meta({
      description: 'The version that was read. Refused if another version was saved in the meantime.',
    }),
    defaultQueueId: z.uuid().nullable().meta({
      description:
        'Takes everything that no rule matches. Null: that goes into no queue, and is listed with the account.',
    }),
    rules: rulesInput,
  })
  .meta({
    id: 'RoutingChange',
    examples: [
      {
        version: 1,
        defaultQueueId: '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11',
        rules: [{ queueId: '01995f2e-8d2b-7c4f-8b66-5b7d3f1f9e22', keywords: ['invoice', 'past due'] }],
      },
    ],
  });

export const Routing = z
  .object({
    version: z.int(),
    defaultQueueId: Id.nullable(),
    defaultQueue: QueueRef.nullable().meta({ description: 'Null: what no rule matches goes into no queue.' }),
    rules: z.array(z.object({ id: Id, queueId: Id, queue: QueueRef, keywords: z.array(z.string()) })),
    warnings: z
      .array(z.object({ path: z.string(), detail: z.string() }))
      .meta({ description: 'Keywords that can never decide anything.' }),
  })
  .meta({ id: 'Routing' });
