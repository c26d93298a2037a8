import { z } from 'zod';
import type { Erasure as ErasureView } from '../../database/retention/erasures.ts';
import { erasureScopes, holdScopes, MOST_RETENTION_DAYS } from '../../domain/retention.ts';
import { Stored } from '../http/stored.ts';
import { refusedAs } from '../http/value-problem.ts';
import { EmailAddress, Id, Line, Time } from '../http/values.ts';

const Days = (what: string) =>
  z
    .int()
    .min(1)
    .max(MOST_RETENTION_DAYS)
    .nullable()
    .meta({ description: `${what} Null: for ever.` });

const periods = {
  content: Days('Days that mail with attachments, answers and notes is kept after its item was completed.'),
  items: Days('Days that a completed item is kept. Not fewer than its content.'),
  events: Days('Days that events of accounts, settings, users and keys are kept.'),
  signIns: Days('Days that finished sign-in attempts are kept, but the last of each account.'),
  quarantine: Days('Days that messages are listed which were in quarantine.'),
};

export const Periods = z
  .strictObject(periods)
  .refine(({ content, items }) => items === null || (content !== null && content <= items), {
    ...refusedAs('longer-than-items'),
    path: ['content'],
  })
  .meta({
    id: 'RetentionPeriods',
    examples: [{ content: 365, items: 730, events: null, signIns: 90, quarantine: 90 }],
  });

export const Counts = z
  .object({
    content: z.int().meta({ description: 'Mails.' }),
    items: z.int(),
    events: z.int(),
    signIns: z.int(),
    quarantine: z.int(),
  })
  .meta({ id: 'RetentionCounts', description: 'How much was, or would be, deleted.' });

export const Retention = z
  .object({
    periods: z.object(periods).meta({ id: 'PeriodsInForce' }),
    version: z.int(),
    sweptAt: Time.nullable().meta({ description: 'When what was due was last deleted; null: never.' }),
    swept: Counts.nullable(),
  })
  .meta({ id: 'Retention', description: 'How long things are kept.' });

export const RetentionChange = z
  .strictObject({
    periods: Periods,
    version: z.int().min(1).meta({ description: 'The version that was read.' }),
  })
  .meta({
    id: 'RetentionChange',
    examples: [{ periods: { content: 365, items: 730, events: null, signIns: 90, quarantine: 90 }, version: 1 }],
  });

const Reason = Line(500)
  .min(1)
  .meta({ description: 'Why; such as the number of a case.', examples: ['Case 2026-118'] });

/** What both a hold and an erasure may name. */
const targets = [
  z.strictObject({ scope: z.literal('account'), accountId: z.uuid(), reason: Reason }).meta({ id: 'MailOfAccount' }),
  z.strictObject({ scope: z.literal('sender'), address: EmailAddress, reason: Reason }).meta({ id: 'MailOfSender' }),
  z.strictObject({ scope: z.literal('item'), itemId: z.uuid(), reason: Reason }).meta({ id: 'MailOfItem' }),
] as const;

export const NewHold = z
  .discriminatedUnion('scope', [
    z.strictObject({ scope: z.literal('everything'), reason: Reason }).meta({ id: 'AllMail' }),
    ...targets,
  ])
  .meta({ id: 'NewHold', examples: [{ scope: 'sender', address: 'mia@fabrikam.example', reason: 'Case 2026-118' }] });

export const Hold = z
  .object({
    id: Id,
    scope: Stored(holdScopes),
    accountId: Id.nullable(),
    mailbox: z.string().nullable().meta({ description: 'Address of the account.' }),
    address: z.string().nullable().meta({ description: 'Of the sender.' }),
    itemId: Id.nullable(),
    reason: z.string(),
    placedBy: z.string(),
    placedByName: z.string().nullable(),
    placedAt: Time,
    liftedBy: z.string().nullable(),
    liftedByName: z.string().nullable(),
    liftedAt: Time.nullable().meta({ description: 'Null: it stands.' }),
  })
  .meta({ id: 'Hold', description: 'What is not deleted while it stands.' });

export const NewErasure = z.discriminatedUnion('scope', targets).meta({
  id: 'NewErasure',
  examples: [{ scope: 'sender', address: 'mia@fabrikam.example', reason: 'Request of 27 November' }],
});

const erasureStates = ['waiting', 'held', 'done'] as const;

export const Erasure = z
  .object({
    id: Id,
    scope: Stored(erasureScopes),
    state: z.enum(erasureStates).meta({
      description: '`waiting`: within a minute or so; `held`: what is left of it is kept by a hold; `done`.',
    }),
    accountId: Id.nullable(),
    mailbox: z.string().nullable().meta({ description: 'Address of the account.' }),
    itemId: Id.nullable(),
    address: z.string().nullable().meta({ description: 'Of the sender; null once it is done.' }),
    addressHint: z
      .string()
      .nullable()
      .meta({ examples: ['m…@fabrikam.example'] }),
    addressHash: z.string().nullable().meta({
      description:
        'Hex of the SHA-256 of `id` followed by the address in lower case: proves whose mail it was to who knows the address.',
    }),
    reason: z.string(),
    requestedBy: z.string(),
    requestedByName: z.string().nullable(),
    requestedAt: Time,
    finishedAt: Time.nullable(),
    messages: z.int(),
    answers: z.int(),
    notes: z.int(),
    itemsCompleted: z.int().meta({ description: 'Open items that were completed, since nothing is left to work on.' }),
    held: z.int().meta({ description: 'Items that a hold keeps.' }),
    words: z.string(),
  })
  .meta({ id: 'Erasure', description: 'A requested erasure, which is its own receipt.' });

/** What an answer shows of an erasure. */
export function erasureAnswer({ left, ...erasure }: ErasureView): z.output<typeof Erasure> {
  const { finishedAt, held, messages, answers, notes, addressHint, mailbox, scope } = erasure;
  const state = finishedAt !== null ? 'done' : left > 0 && left === held ? 'held' : 'waiting';
  const whose = scope === 'sender' ? `from ${addressHint}` : scope === 'account' ? `of ${mailbox}` : 'of the item';
  const words = {
    done:
      `Deleted from Mailroom: ${messages} mails ${whose}, ${answers} answers and ${notes} notes. Mail at Microsoft and in ` +
      'backups was not touched.',
    held: `A hold keeps ${held} mails ${whose}. They are erased once it is lifted.`,
    waiting: `The mail ${whose} is being erased.`,
  }[state];
  return { ...erasure, state, words };
}
