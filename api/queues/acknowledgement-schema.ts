import { z } from 'zod';
import { acknowledgementOutcomes, MOST_ACKNOWLEDGEMENT_DAYS } from '../../domain/acknowledgement.ts';
import { Stored } from '../http/stored.ts';
import { refusedAs } from '../http/value-problem.ts';

const MOST_CHARACTERS = 100_000;
const examples = [{ html: '<p>Dear {{customer.name}}, your message arrived ({{item.number}}).</p>', everyDays: 7 }];
const description =
  'Sent automatically to the sender of a mail that a person wrote (RFC 3834), in its thread, from the mailbox that received ' +
  'it, where that may send. Never to programs, lists or mailboxes of this installation.';

/** The automatic acknowledgement of a queue, as it is shown. */
export const AcknowledgementSchema = z
  .object({
    html: z.string().meta({ description: 'Placeholders: `{{customer.name}}`, `{{item.number}}`, `{{subject}}`.' }),
    everyDays: z.int().meta({ description: 'Days within which an address gets one from a mailbox.' }),
  })
  .meta({ id: 'Acknowledgement', description, examples });

export const AcknowledgementChange = z
  .strictObject({
    html: z
      .string()
      .min(1)
      .max(MOST_CHARACTERS)
      .refine((text) => text.isWellFormed(), refusedAs('not-well-formed')),
    everyDays: z.int().min(1).max(MOST_ACKNOWLEDGEMENT_DAYS),
  })
  .meta({ id: 'AcknowledgementChange', description, examples });

export const AcknowledgementCounts = z.object({
  counts: z.array(
    z.object({
      outcome: Stored(acknowledgementOutcomes)
        .nullable()
        .meta({ description: 'Why none was sent. Null: not decided yet.' }),
      count: z.int(),
    }),
  ),
});
