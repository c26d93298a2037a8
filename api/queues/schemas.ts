import { z } from 'zod';
import { conversationRules, LONGEST_CODE, MOST_CODES } from '../../domain/item-work.ts';
import { Stored } from '../http/stored.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Line, Time } from '../http/values.ts';
import { AcknowledgementChange, AcknowledgementSchema } from './acknowledgement-schema.ts';
import { QueueOffers, QueueOffersChange } from './offers-schema.ts';
import { Target, TargetChange } from './target-schema.ts';

export const QueueName = Line(100).min(1);

/** A list of short codes, each once. */
const Codes = z
  .array(Line(LONGEST_CODE).min(1))
  .max(MOST_CODES)
  .refine((codes) => new Set(codes).size === codes.length, refusedAs('taken'));

/** How a queue's items are worked on, as they are shown. */
const QueueWork = z.object({
  conversations: Stored(conversationRules).meta({
    description:
      'What a new mail of a known conversation becomes. `separate`: an item of its own. `join`: part of the open item of ' +
      'its conversation. `reopen`: the same, and an item completed within 30 days is opened again for who completed it.',
  }),
  outcomes: z.array(z.string()).meta({ description: 'Codes to complete an item with.', examples: [['refunded']] }),
  tags: z.array(z.string()).meta({ description: 'Tags for items.', examples: [['vip']] }),
});

export const Queue = z
  .object({
    id: Id,
    name: z.string().meta({ examples: ['Billing'] }),
    description: z.string(),
    waiting: z.int().meta({ description: 'Items that can be claimed, those with an expired lease among them.' }),
    claimed: z.int().meta({ description: 'Items held by an agent.' }),
    parked: z.int().meta({ description: 'Items that wait for the customer, or for a later time.' }),
    oldestWaitingAt: Time.nullable().meta({ description: 'When the mail that waits longest was received.' }),
    ...QueueWork.shape,
    target: Target.nullable().meta({ description: 'How soon its mail is to be dealt with; null: no target.' }),
    acknowledgement: AcknowledgementSchema.nullable().meta({ description: 'Null: mail is not acknowledged.' }),
    offers: QueueOffers.nullable().meta({ description: 'How its items are offered to persons; null: they are not.' }),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Queue' });

/** A queue by id and name. */
export const QueueRef = z.object({ id: Id, name: z.string().meta({ examples: ['Billing'] }) }).meta({ id: 'QueueRef' });

/** Null: no queue. */
export function queueAnswer(id: string | null, name: string | null): z.output<typeof QueueRef> | null {
  return id === null ? null : { id, name: name ?? '' };
}

export const NewQueue = z
  .strictObject({
    name: QueueName,
    description: Line(1_000).default(''),
  })
  .meta({ id: 'NewQueue', examples: [{ name: 'Billing', description: 'Invoices and payments' }] });

export const QueueChange = z
  .strictObject({
    name: QueueName.optional(),
    description: Line(1_000).optional(),
    conversations: z.enum(conversationRules).optional(),
    outcomes: Codes.optional(),
    tags: Codes.optional(),
    acknowledgement: AcknowledgementChange.nullish().meta({ description: 'Null: none any more.' }),
    target: TargetChange.nullish().meta({ description: 'Null: no target any more.' }),
    offers: QueueOffersChange.nullish().meta({ description: 'Null: its items are not offered any more.' }),
  })
  .meta({ id: 'QueueChange', examples: [{ name: 'Invoices' }] });
