import { z } from 'zod';
import { type Decision as DomainDecision, defaultReasons, noQueueReasons } from '../../domain/routing.ts';
import { Id } from '../http/values.ts';
import { decisionWords } from './decision-words.ts';

/** The decisions that this release makes, as they are stored. */
const Known = z.union([
  z.object({
    by: z.literal('rule'),
    queueId: Id,
    ruleId: Id,
    position: z.int().meta({ description: '1 is the first rule.' }),
    keyword: z.string(),
    version: z.int().meta({ description: 'Version of the routing that decided.' }),
  }),
  z.object({
    by: z.literal('default'),
    queueId: Id,
    because: z.enum(defaultReasons),
    version: z.int(),
  }),
  z.object({
    by: z.literal('none').meta({ description: 'No queue gets the message.' }),
    queueId: Id.nullable(),
    because: z.enum(noQueueReasons),
    rule: z
      .object({ ruleId: Id, position: z.int(), keyword: z.string() })
      .meta({ id: 'RuleWithoutQueue' })
      .optional()
      .meta({ description: 'With `rule-queue-removed`: the rule that matched.' }),
    version: z.int(),
  }),
]);

const Other = z.object({
  by: z.literal('other'),
  raw: z
    .record(z.string(), z.unknown())
    .meta({ id: 'DecisionOfNewerRelease', description: 'As a newer release stored it.' }),
});

export const Decision = z.union([...Known.options, Other]).meta({
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
