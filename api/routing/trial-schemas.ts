import { z } from 'zod';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Time } from '../http/values.ts';
import { Correspondent } from '../items/schemas.ts';
import { QueueRef } from '../queues/schemas.ts';
import { Decision } from './decision-schemas.ts';
import { rulesInput } from './schemas.ts';

/** Rules that are not saved. Without a default queue, the saved one applies. */
export const RoutingDraft = z
  .strictObject({ defaultQueueId: z.uuid().nullish(), rules: rulesInput })
  .meta({ id: 'RoutingDraft', description: 'A draft to try instead of what is saved.' });

export const RoutingTrial = z
  .strictObject({
    subject: z.string().max(10_000).optional(),
    messageId: z.uuid().optional().meta({ description: 'A message of this account that is captured already.' }),
    routing: RoutingDraft.optional(),
  })
  .refine(
    ({ subject, messageId }) => (subject === undefined) !== (messageId === undefined),
    refusedAs('subject-or-message'),
  )
  .meta({ id: 'RoutingTrial', examples: [{ subject: 'Invoice 4711 is past due' }] });

const MatchedRule = z
  .object({
    position: z.int().meta({ description: '1 is the first rule.' }),
    keyword: z.string(),
    matched: z
      .object({ start: z.int(), end: z.int() })
      .nullable()
      .meta({ description: 'What matched in the subject, in UTF-16 units.' }),
  })
  .nullable()
  .meta({ description: 'Null: the default queue, or none.' });

export const RoutingVerdict = z
  .object({
    subject: z.string(),
    queue: QueueRef.nullable().meta({ description: 'Null: no queue.' }),
    rule: MatchedRule,
    why: z.string(),
    decision: Decision,
  })
  .meta({ id: 'RoutingVerdict' });

export const ReceivedMessage = z
  .object({
    id: Id,
    itemId: Id,
    subject: z.string(),
    from: Correspondent.nullable(),
    receivedAt: Time,
    queue: QueueRef.nullable().meta({ description: 'Where it went; null: into no queue.' }),
  })
  .meta({ id: 'ReceivedMessage' });

export const Rehearsal = z
  .object({
    messages: z.int().meta({ description: 'How many were rehearsed.' }),
    since: Time.nullable().meta({ description: 'When the oldest of them was received.' }),
    moved: z.int().meta({ description: 'How many would have gone elsewhere.' }),
    flows: z
      .array(z.object({ from: QueueRef.nullable(), to: QueueRef.nullable(), count: z.int() }))
      .meta({ description: 'From where to where, the largest first.' }),
    moves: z
      .array(z.object({ ...ReceivedMessage.shape, to: QueueRef.nullable(), rule: MatchedRule, why: z.string() }))
      .meta({ description: 'Each that would have gone elsewhere, newest first.' }),
  })
  .meta({ id: 'Rehearsal' });
