import { z } from 'zod';
import { Id, Line, Time } from '../http/values.ts';

export const QueueName = Line(100).min(1);

export const Queue = z
  .object({
    id: Id,
    name: z.string().meta({ examples: ['Billing'] }),
    description: z.string(),
    waiting: z.int().meta({ description: 'Items that can be claimed, those with an expired lease among them.' }),
    claimed: z.int().meta({ description: 'Items held by an agent.' }),
    oldestWaitingAt: Time.nullable().meta({ description: 'When the mail that waits longest was received.' }),
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
  .strictObject({ name: QueueName.optional(), description: Line(1_000).optional() })
  .meta({ id: 'QueueChange', examples: [{ name: 'Invoices' }] });
