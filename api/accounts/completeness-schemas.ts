import { z } from 'zod';
import type { DifferenceView } from '../../database/ingest/differences.ts';
import type { CompletenessView } from '../../database/ingest/reconciliations.ts';
import { differenceOutcomes } from '../../domain/difference-outcome.ts';
import { leftOutReasons } from '../../domain/left-out.ts';
import { Stored } from '../http/stored.ts';
import { Id, Time } from '../http/values.ts';
import { completenessWords, differenceWords, leftOutWords } from './completeness-words.ts';

const Difference = z
  .object({
    id: z.int(),
    foundAt: Time,
    subject: z.string().nullable().meta({ description: 'Null while it could not be read.' }),
    receivedAt: Time.nullable(),
    outcome: Stored(differenceOutcomes),
    words: z.string().meta({ examples: ['Was missing and is now captured.'] }),
    itemId: Id.nullable().meta({
      description:
        'The item that was made of the message; null: it was not captured, or was deleted from Mailroom since.',
    }),
    quarantineId: Id.nullable().meta({ description: 'The message in the quarantine of the account.' }),
  })
  .meta({ id: 'Difference', description: 'A message that was in the mailbox, but not in Mailroom.' });

export const Completeness = z
  .object({
    words: z.string().meta({ examples: ['4,812 of 4,812 messages of the inbox are in Mailroom.'] }),
    comparedAt: Time.nullable().meta({ description: 'When the last comparison ended; null: none did yet.' }),
    inMailbox: z.int().nullable().meta({ description: 'Messages of the inbox, as far as they are to be captured.' }),
    inLedger: z.int().nullable().meta({
      description: 'How many of them were captured at the end of the comparison, or out of the quarantine since.',
    }),
    inQuarantine: z.int().meta({ description: 'How many of them are in quarantine.' }),
    repaired: z.int().meta({ description: 'How many had been missing until that comparison.' }),
    underWay: z
      .object({ startedAt: Time, seen: z.int(), known: z.int() })
      .nullable()
      .meta({ description: 'The comparison under way: messages of the inbox so far, and how many are in Mailroom.' }),
    leftOut: z
      .array(z.object({ reason: z.enum(leftOutReasons), count: z.int(), words: z.string() }))
      .meta({ description: 'What of the inbox is not captured on purpose; reasons without messages are left out.' }),
    dueAt: Time.meta({ description: 'When the next comparison begins, where the account is read.' }),
    differences: z.array(Difference),
  })
  .meta({ id: 'Completeness' });

export function completenessAnswer(
  view: CompletenessView,
  differences: readonly DifferenceView[],
): z.output<typeof Completeness> {
  const { comparedAt, inMailbox, inLedger, inQuarantine, repaired, startedAt, seen, known, dueAt } = view;
  return {
    words: completenessWords(view),
    comparedAt,
    inMailbox,
    inLedger,
    inQuarantine,
    repaired,
    underWay: startedAt && { startedAt, seen, known },
    leftOut: leftOutReasons.flatMap((reason) => {
      const count = view.leftOut[reason] ?? 0;
      return count === 0 ? [] : [{ reason, count, words: leftOutWords(reason, count, view.captureFrom) }];
    }),
    dueAt,
    differences: differences.map(({ isCaptured, ...difference }) => ({
      ...difference,
      words: differenceWords(difference.outcome, isCaptured),
    })),
  };
}
