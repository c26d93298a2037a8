import { z } from 'zod';
import { attachmentRisks, riskOfName } from '../../domain/attachment-risk.ts';
import { previewKindOf, previewKinds } from '../../domain/preview-kind.ts';
import { specialKinds } from '../../domain/special-mail.ts';
import { Correspondent } from '../items/schemas.ts';
import { type ParsedContent, type ParsedMessage, reportReasons, securedKinds } from './parsed/parsed-content.ts';

const people = z.array(Correspondent);
const isoTime = z.string().meta({ examples: ['2026-11-24T09:30:00.000Z'] });

const AttachedMessage = z
  .object({
    kind: z.literal('message'),
    subject: z.string(),
    from: Correspondent.nullable(),
    sender: Correspondent.nullable(),
    to: people,
    cc: people,
    replyTo: people,
    sentAt: isoTime.nullable(),
    text: z.string(),
    html: z.string().nullable().meta({ description: 'Untrusted, as that of a mail. Null: none, or too long.' }),
    attachments: z.array(
      z.object({
        part: z.string().meta({
          description: 'Its place: `?part=` of the same address opens it, and with `&download=true` downloads it.',
          examples: ['2.0'],
        }),
        name: z.string(),
        contentType: z.string().nullable(),
        size: z.int().meta({ description: 'Bytes.' }),
        isInline: z.boolean(),
        contentId: z.string().nullable(),
        preview: z.enum(previewKinds).nullable(),
        risk: z.enum(attachmentRisks).nullable(),
      }),
    ),
    special: z.enum(specialKinds).nullable(),
  })
  .meta({ id: 'AttachedMessage', description: 'A mail inside a mail.' });

const EventTime = z
  .object({
    at: isoTime.nullable().meta({ description: 'Null: a whole day, or a local time of no known zone.' }),
    local: z.string().meta({ examples: ['2026-12-01T10:00:00'], description: 'As written; a date for a whole day.' }),
    zone: z
      .string()
      .nullable()
      .meta({ description: 'As written; null: UTC, or none.', examples: ['Europe/Berlin'] }),
  })
  .meta({ id: 'EventTime' });

const Invitation = z
  .object({
    kind: z.literal('invitation'),
    method: z
      .string()
      .nullable()
      .meta({ description: 'REQUEST, CANCEL, REPLY …', examples: ['REQUEST'] }),
    summary: z.string(),
    description: z.string(),
    comment: z
      .string()
      .meta({ description: 'What the sender of an answer, another time or a cancellation adds; empty: nothing.' }),
    location: z.string(),
    link: z.string().nullable().meta({ description: 'Of an online meeting: https.' }),
    organizer: Correspondent.nullable(),
    attendees: z.array(z.object({ ...Correspondent.shape, response: z.string().nullable(), isOptional: z.boolean() })),
    start: EventTime.nullable(),
    end: EventTime.nullable(),
    isAllDay: z.boolean(),
    recurrence: z
      .object({
        frequency: z.string().meta({ examples: ['WEEKLY'] }),
        interval: z.int(),
        days: z.array(z.string()).meta({ examples: [['MO', 'WE']] }),
        count: z.int().nullable(),
        until: isoTime.nullable(),
        except: z.array(EventTime).meta({ description: 'When it does not take place, in order; at most 260.' }),
      })
      .nullable()
      .meta({ description: 'Null: it happens once.' }),
    replaces: EventTime.nullable().meta({ description: 'The date of a series that this event alone is about.' }),
    status: z.string().nullable(),
  })
  .meta({ id: 'Invitation' });

const Report = z
  .object({
    kind: z.literal('report'),
    type: z.enum(['delivery', 'read-receipt']),
    recipients: z.array(
      z.object({
        address: z.string(),
        action: z.string().meta({
          description:
            '`failed`, `delayed`, `delivered`, `relayed`, `expanded`; of read receipts `displayed`, `deleted` …',
          examples: ['failed'],
        }),
        status: z
          .string()
          .nullable()
          .meta({ description: 'RFC 3463.', examples: ['5.1.1'] }),
        reason: z.enum(reportReasons).nullable().meta({ description: 'What went wrong; null: nothing.' }),
        diagnostic: z.string().nullable().meta({ description: 'The words of the other mail server.' }),
      }),
    ),
    about: z.object({ subject: z.string().nullable(), messageId: z.string().nullable() }),
    reportedBy: z.string().nullable(),
  })
  .meta({ id: 'MailReport', description: 'What became of a mail that was sent.' });

const Secured = z
  .object({
    kind: z.enum(securedKinds).meta({
      description: '`signed`, `encrypted`: S/MIME; `smime`: an S/MIME envelope of which nothing can be read here.',
    }),
    isVerified: z.literal(false).meta({ description: 'Signatures are not verified.' }),
    signer: Correspondent.nullable().meta({ description: 'As the certificate in the mail names it: not verified.' }),
    message: AttachedMessage.nullable().meta({ description: 'What was signed, where it can be read.' }),
  })
  .meta({ id: 'SecuredMail', description: 'S/MIME or PGP.' });

const TextContent = z
  .object({ kind: z.literal('text'), text: z.string(), isCut: z.boolean() })
  .meta({ id: 'TextContent' });

/** An attachment or a message as it can be shown. */
export const ShownContent = z
  .discriminatedUnion('kind', [AttachedMessage, Invitation, Report, Secured, TextContent])
  .meta({ id: 'ShownContent', description: 'By `kind`. Strangers wrote it: nothing in it may be trusted.' });

export function shownContentAnswer(content: ParsedContent): z.output<typeof ShownContent> {
  const plain = structuredClone(content) as z.output<typeof ShownContent>;
  if (content.kind === 'message') return attachedMessageAnswer(content);
  if ('message' in content)
    return { ...plain, message: content.message && attachedMessageAnswer(content.message) } as typeof plain;
  return plain;
}

function attachedMessageAnswer(message: ParsedMessage): z.output<typeof AttachedMessage> {
  const { to, cc, replyTo, attachments, ...rest } = message;
  return {
    ...rest,
    to: [...to],
    cc: [...cc],
    replyTo: [...replyTo],
    attachments: attachments.map((each) => ({
      ...each,
      preview: previewKindOf({ ...each, kind: 'file' }),
      risk: riskOfName(each.name),
    })),
  };
}
