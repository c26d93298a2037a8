import { z } from 'zod';
import { type Decision as DomainDecision, defaultReasons, noQueueReasons } from '../../domain/routing.ts';
import { Id } from '../http/values.ts';
import { decisionWords } from './decision-words.ts';

/** The decisions that this release makes, as they are stored. */
const Known = z.discriminatedUnion('by', [
  z
    .object({
      by: z.literal('rule'),
      queueId: Id,
      ruleId: Id,
      position: z.int().meta({ description: '1 is the first rule.' }),
      keyword: z.string(),
      version: z.int().meta({ description: 'Version of the routing that decided.' }),
    })
    .meta({ id: 'DecisionByRule' }),
  z
    .object({
      by: z.literal('default'),
      queueId: Id,
      because: z.enum(defaultReasons),
      version: z.int(),
    })
    .meta({ id: 'DecisionByDefault' }),
  z
    .object({
      by: z.literal('none'),
      queueId: Id.nullable(),
      because: z.enum(noQueueReasons),
      rule: z
        .object({ ruleId: Id, position: z.int(), keyword: z.string() })
        .meta({ id: 'RuleWithoutQueue' })
        .optional()
        .meta({ description: 'With `rule-queue-removed`: the rule that matched.' }),
      version: z.int(),
    })
    .meta({ id: 'DecisionWithoutQueue', description: 'No queue gets the message.' }),
]);

const Other = z
  .object({
    by: z.literal('other'),
    raw: z
      .record(z.string(), z.unknown())
      .meta({ id: 'DecisionOfNewerRelease', description: 'As a newer release stored it.' }),
  })
  .meta({ id: 'UnknownDecision' });

export const Decision = z.discriminatedUnion('by', [...Known.options, Other]).meta({
  id: 'Decision',
  description:
    'Why a message goes where it goes. `other`: a newer release decided it in a way that this one does not know.',
});

interface DecisionAnswer {
  readonly why: string;
  readonly decision: z.output<typeof Decision>;
}

/** A stored decision, perhaps of a newer release, with its words. */
export function decisionAnswer(stored: DomainDecision): DecisionAnswer {
  const known = Known.safeParse(stored);
  if (known.success) return { why: decisionWords(stored), decision: known.data };
  const why = 'A newer release of Mailroom decided this, in a way that this one does not know.';
  return { why, decision: { by: 'other', raw: { ...stored } } };
}
