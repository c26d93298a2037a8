import { z } from 'zod';
import type { AnswerAttachment, AnswerSummary, AnswerView } from '../../database/answers/answer-views.ts';
import {
  answerFormats,
  answerKinds,
  answerStates,
  MAX_BODY_CHARACTERS,
  MAX_DRAFT_RECIPIENTS,
  MAX_SUBJECT_CHARACTERS,
} from '../../domain/answer.ts';
import { mailAddress } from '../../domain/mail-address.ts';
import { trimInvisible } from '../../domain/words/invisible-text.ts';
import { Stored } from '../http/stored.ts';
import { Trace } from '../http/trace.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, Line, Time } from '../http/values.ts';
import { sendingWords } from './sending-words.ts';

const Recipient = z.object({ name: z.string().optional(), address: z.string() }).meta({
  id: 'Recipient',
  examples: [{ name: 'Jo Doe', address: 'jo@example.net' }],
});

export const AnswerAttachmentSchema = z
  .object({
    id: Id,
    name: z.string(),
    contentType: z.string(),
    size: z.int().meta({ description: 'Bytes.' }),
    isInline: z.boolean(),
    contentId: z.string().nullable().meta({ description: 'Of a picture in the text: `<img src="cid:…">`.' }),
  })
  .meta({ id: 'AnswerAttachment' });

export const Answer = z
  .object({
    id: Id,
    itemId: Id,
    account: z.object({ id: Id, address: z.string() }).meta({ description: 'The mailbox that it is sent from.' }),
    kind: Stored(answerKinds),
    state: Stored(answerStates).meta({
      description:
        '`draft`, then `scheduled` (until `sendAt` it can be undone), `sending`, and `sent`. `failed`: certainly not sent, ' +
        'it can be changed and sent again. `unknown`: it may have been sent, which a person has to find out in the mailbox.',
    }),
    by: z.object({
      actor: z.string().meta({ description: '`user:<id>`, `key:<id>`, or `mailroom` for an automatic answer.' }),
      name: z.string().nullable(),
      isYou: z.boolean(),
    }),
    to: z.array(Recipient),
    cc: z.array(Recipient),
    bcc: z.array(Recipient),
    subject: z.string(),
    createdAt: Time,
    updatedAt: Time,
    sendAt: Time.nullable(),
    endedAt: Time.nullable().meta({ description: 'Since when it is sent, failed or unknown.' }),
    completesItem: z.boolean().meta({ description: 'The item was completed with it.' }),
    retryAt: Time.nullable().meta({ description: 'When it is tried next, while Microsoft does not take it.' }),
    problem: z
      .object({ reason: z.string(), words: z.string(), ...Trace.shape, since: Time.nullable() })
      .nullable()
      .meta({ description: 'Why it is not sent, or what it waits for.' }),
    internetMessageId: z.string().nullable(),
    webLink: z.string().nullable().meta({ description: 'The sent mail in Outlook.' }),
  })
  .meta({ id: 'Answer', description: 'A draft, or an answer on its way.' });

export const Draft = z
  .object({
    ...Answer.shape,
    version: z.int().meta({ description: 'Of the text; the ETag holds it, too.' }),
    format: Stored(answerFormats),
    body: z.string().meta({
      description: 'The words of the answer, signature included. HTML is sanitised; show it in a sandbox all the same.',
    }),
    includesQuote: z.boolean().meta({
      description: 'The mail that is answered follows below, as Exchange quotes it.',
    }),
    attachments: z.array(AnswerAttachmentSchema),
  })
  .meta({ id: 'Draft', description: 'An answer with its text.' });

/** Mailboxes are compared without case, but shown and sent as they were written. */
const RecipientInput = z.strictObject({
  name: Line(256).optional(),
  address: z
    .string()
    .overwrite(trimInvisible)
    .max(254)
    .refine((address) => mailAddress.test(address), refusedAs('no-email-address')),
});

/** More than can be sent to: a reply to all of a wide mail is saved, and shortened before it is sent. */
const Recipients = z.array(RecipientInput).max(MAX_DRAFT_RECIPIENTS).default([]);

export const DraftInput = z
  .strictObject({
    to: Recipients,
    cc: Recipients,
    bcc: Recipients,
    subject: Line(MAX_SUBJECT_CHARACTERS),
    format: z.enum(answerFormats),
    body: z
      .string()
      .max(MAX_BODY_CHARACTERS)
      .refine((text) => text.isWellFormed(), refusedAs('not-well-formed')),
    includesQuote: z.boolean(),
  })
  .meta({
    id: 'DraftChange',
    examples: [
      {
        to: [{ name: 'Jo Doe', address: 'jo@example.net' }],
        cc: [],
        bcc: [],
        subject: 'Re: Invoice 4711',
        format: 'html',
        body: '<p>Thank you, we refunded it today.</p>',
        includesQuote: true,
      },
    ],
  });

type Addresses = AnswerSummary['recipients']['to'];

const recipientAnswers = (mailboxes: Addresses) =>
  mailboxes.map(({ name, address }) => ({ ...(name ? { name } : {}), address: address ?? '' }));

/** The answer as it is shown to a person. */
export function answerAnswer(answer: AnswerSummary, actor: string): z.output<typeof Answer> {
  const { recipients, reason, code, status, requestId, reasonSince } = answer;
  return {
    id: answer.id,
    itemId: answer.itemId,
    account: { id: answer.accountId, address: answer.address },
    kind: answer.kind,
    state: answer.state,
    by: { actor: answer.author, name: answer.authorName, isYou: answer.author === actor },
    to: recipientAnswers(recipients.to),
    cc: recipientAnswers(recipients.cc),
    bcc: recipientAnswers(recipients.bcc),
    subject: answer.subject,
    createdAt: answer.createdAt,
    updatedAt: answer.updatedAt,
    sendAt: answer.sendAt,
    endedAt: answer.endedAt,
    completesItem: answer.completedItem,
    retryAt: answer.retryAt,
    problem:
      reason === null ? null : { reason, words: sendingWords(reason), code, status, requestId, since: reasonSince },
    internetMessageId: answer.internetMessageId,
    webLink: answer.webLink,
  };
}

export function attachmentAnswer(attachment: AnswerAttachment): z.output<typeof AnswerAttachmentSchema> {
  const { id, name, contentType, size, isInline, contentId } = attachment;
  return { id, name, contentType, size, isInline, contentId };
}

export function draftAnswer(draft: AnswerView, actor: string): z.output<typeof Draft> {
  const { version, format, body, includesQuote, attachments } = draft;
  return {
    ...answerAnswer(draft, actor),
    version,
    format,
    body,
    includesQuote,
    attachments: attachments.map(attachmentAnswer),
  };
}
