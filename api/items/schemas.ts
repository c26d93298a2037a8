import { z } from 'zod';
import type { AttachmentView, ItemSummary, ItemView, MessageView } from '../../database/queues/messages.ts';
import { attachmentRisks, riskOfName } from '../../domain/attachment-risk.ts';
import { automaticKinds, findAutomatic } from '../../domain/automatic-mail.ts';
import { LONGEST_CODE, parkReasons } from '../../domain/item-work.ts';
import { authenticationVerdicts, readAuthentication } from '../../domain/mail-authentication.ts';
import { previewKindOf, previewKinds } from '../../domain/preview-kind.ts';
import { dueAt } from '../../domain/queue-target.ts';
import { specialKindOf, specialKinds } from '../../domain/special-mail.ts';
import { textForms } from '../../domain/text-form.ts';
import { Stored } from '../http/stored.ts';
import { Id, Line, Time } from '../http/values.ts';
import { QueueRef, queueAnswer } from '../queues/schemas.ts';
import { Decision, decisionAnswer } from '../routing/decision-schemas.ts';

/** What the caller has seen of an item before it changes it. */
export const SeenThrough = Id.optional().meta({
  description:
    '`newestMail` of the item as you saw it. Without it, mail that has come since is not looked for; with an answer, since its draft was begun.',
});

/** A tag or an outcome. */
export const Code = Line(LONGEST_CODE).min(1);

export const Correspondent = z
  .object({ name: z.string().optional(), address: z.string().optional() })
  .meta({ id: 'Correspondent', examples: [{ name: 'Jo Doe', address: 'jo@example.net' }] });

export const Item = z
  .object({
    id: Id,
    queue: QueueRef.nullable().meta({ description: 'Null: in no queue; `why` says why.' }),
    account: z.object({ id: Id, address: z.string() }),
    state: Stored(['waiting', 'claimed', 'completed', 'unqueued', 'parked', 'joined']),
    subject: z.string(),
    contentDeletedAt: Time.nullable().meta({
      description: 'When the message was deleted from Mailroom: subject, sender and content are gone, the item stays.',
    }),
    from: Correspondent.nullable(),
    hasAttachments: z.boolean(),
    receivedAt: Time,
    queuedAt: Time,
    why: z.string().meta({
      description: 'Why the item is in this queue, in words.',
      examples: ['Rule 2 matched: the subject contains “invoice”.'],
    }),
    decision: Decision,
    claim: z
      .object({
        by: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
        name: z.string().nullable(),
        at: Time.nullable(),
        leaseExpiresAt: Time.nullable(),
      })
      .nullable(),
    completedAt: Time.nullable(),
    outcome: z.string().nullable().meta({ description: "One of the queue's outcomes, given at the completion." }),
    tags: z.array(z.string()),
    parked: z
      .object({
        reason: Stored(parkReasons),
        until: Time.nullable().meta({ description: 'Null: until a mail of the conversation arrives.' }),
        at: Time.nullable(),
        by: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
        name: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'Why the item is out of its queue for now; null: it is not.' }),
    assignee: z
      .object({
        by: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
        name: z.string().nullable(),
        until: Time.nullable().meta({ description: 'Null: until it is claimed.' }),
      })
      .nullable()
      .meta({ description: 'For whom a waiting item is kept: others do not get it as their next.' }),
    moved: z
      .object({ by: z.string(), name: z.string().nullable(), at: Time })
      .nullable()
      .meta({ description: 'Who moved the item to this queue last; null: it is where routing put it.' }),
    dueAt: Time.nullable().meta({
      description:
        "When an open item is due by its queue's targets. That of the first answer is met once a person's answer was " +
        'sent. Null: it is not open, or no target counts.',
    }),
    automatic: Stored(automaticKinds)
      .nullable()
      .meta({ description: 'What sent the mail, if a program did; null: a person, as far as is known.' }),
    joinedTo: Id.nullable().meta({
      description: 'The item of the same conversation that this mail is worked and completed with.',
    }),
    newestMail: Id.meta({
      description:
        'The newest mail of its conversation in this mailbox, as the id of an item. Give it as `seenThrough` when you ' +
        'complete or park the item: if another mail has come since, nothing is changed.',
    }),
  })
  .meta({ id: 'Item', description: 'A message that waits in a queue.' });

const isOpen = (state: string) => state === 'waiting' || state === 'claimed';

/** The item as it is shown. */
export function itemAnswer(item: ItemSummary): z.output<typeof Item> {
  const { claimedBy, state, completedAt } = item;
  return {
    id: item.id,
    queue: queueAnswer(item.queueId, item.queueName),
    account: { id: item.accountId, address: item.address },
    state,
    subject: item.subject,
    contentDeletedAt: item.contentDeletedAt,
    from: correspondent(item.fromName, item.fromAddress),
    hasAttachments: item.hasAttachments,
    receivedAt: item.receivedAt,
    queuedAt: item.queuedAt,
    ...decisionAnswer(item.decision),
    claim:
      claimedBy === null || state === 'waiting'
        ? null
        : { by: claimedBy, name: item.claimedByName, at: item.claimedAt, leaseExpiresAt: item.leaseExpiresAt },
    completedAt,
    outcome: item.outcome,
    tags: [...item.tags],
    parked:
      state === 'parked' && item.parkedBy !== null
        ? {
            reason: item.parkReason ?? '',
            until: item.parkedUntil,
            at: item.parkedAt,
            by: item.parkedBy,
            name: item.parkedByName,
          }
        : null,
    assignee: assigneeAnswer(item),
    moved:
      item.movedBy === null || item.movedAt === null
        ? null
        : { by: item.movedBy, name: item.movedByName, at: item.movedAt },
    dueAt: (isOpen(state) && dueAt(item.target, item.receivedAt, item.isAnswered)) || null,
    automatic: item.automatic,
    joinedTo: item.joinedTo,
    newestMail: item.newestMail,
  };
}

function assigneeAnswer({ state, assignedTo, assignedToName, assignedUntil }: ItemSummary) {
  const isOver = assignedUntil !== null && assignedUntil.getTime() <= Date.now();
  if (state !== 'waiting' || assignedTo === null || isOver) return null;
  return { by: assignedTo, name: assignedToName, until: assignedUntil };
}

export function correspondent(name: string | null, address: string | null) {
  if (name === null && address === null) return null;
  return { ...(name === null ? {} : { name }), ...(address === null ? {} : { address }) };
}

const MethodResult = z
  .object({
    result: z.string().meta({ examples: ['pass', 'fail', 'softfail', 'none'] }),
    domain: z.string().nullable(),
  })
  .nullable();

const Authentication = z
  .object({
    verdict: z.enum(authenticationVerdicts),
    spf: MethodResult,
    dkim: MethodResult,
    dmarc: MethodResult,
  })
  .nullable()
  .meta({
    description:
      'Whether the mail comes from where it says, as Exchange stamped it when it came in. `failed`: warn. `unproven`: ' +
      'the domain neither vouches for it nor disowns it. `internal`: it never left the organisation. Null: Exchange ' +
      'stamped nothing; what the sender wrote about it does not count.',
  });

const Automatic = z
  .object({
    kind: z.enum(automaticKinds),
    header: z.string().meta({ description: 'Which header shows it; `From`: only the address of the sender does.' }),
    value: z.string(),
  })
  .nullable()
  .meta({ description: 'Why the mail counts as sent by a program; null: a person sent it, as far as is known.' });

const Message = z
  .object({
    id: Id,
    internetMessageId: z.string().nullable().meta({ description: 'Message-ID, with its angle brackets.' }),
    conversationId: z.string().nullable(),
    subject: z.string(),
    from: Correspondent.nullable(),
    sender: Correspondent.nullable(),
    recipients: z.object({
      to: z.array(Correspondent),
      cc: z.array(Correspondent),
      bcc: z.array(Correspondent),
      replyTo: z.array(Correspondent),
    }),
    receivedAt: Time,
    sentAt: Time.nullable(),
    capturedAt: Time,
    importance: z.string(),
    leftOut: z
      .object({
        to: z.int().optional(),
        cc: z.int().optional(),
        bcc: z.int().optional(),
        replyTo: z.int().optional(),
        headers: z.int().optional(),
        attachments: z.int().optional(),
      })
      .meta({ description: 'How many more of each the message has than are kept, where it has more.' }),
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .nullable()
      .meta({ description: 'Null when the mail server did not give them.' }),
    text: z.string(),
    textForm: Stored(textForms).meta({
      description:
        'How the text came out of the HTML. `whole`: all of it. `cut`: its beginning, because there is more than is ' +
        'kept. `bare`: words without layout, and only the first, because the HTML could not be converted within limits.',
    }),
    html: z
      .string()
      .nullable()
      .meta({
        description:
          'As received: untrusted. Show it only sanitised, or in a sandboxed frame. Null where there is none, and where ' +
          'it has more than 4,000,000 bytes: then it is at `/items/{id}/html`.',
      }),
    htmlBytes: z.int().nullable().meta({ description: 'Length of the HTML in UTF-8; null: there is none.' }),
    attachments: z.array(
      z.object({
        id: Id,
        kind: Stored(['file', 'item', 'reference']),
        name: z.string(),
        contentType: z.string().nullable(),
        size: z.int().meta({ description: 'Bytes, as the mail server counts: a little more than the file.' }),
        isInline: z.boolean(),
        contentId: z.string().nullable().meta({ description: 'The target of `cid:` in the HTML, without brackets.' }),
        preview: Stored(previewKinds)
          .nullable()
          .meta({
            description:
              'How it can probably be shown, by its type and name: `picture` with `?as=picture`, the others at ' +
              '`/items/{id}/attachments/{attachmentId}/content`. Null: only as a download.',
          }),
        risk: Stored(attachmentRisks)
          .nullable()
          .meta({
            description:
              'Warn before it is opened: by its name and, once they were read, its bytes. `executable`: runs. ' +
              '`script`: runs where a program opens it, HTML and SVG included. `macro`: a document with macros. ' +
              '`disk-image`, `archive`: nothing is known of what is inside.',
          }),
        scan: z
          .object({
            verdict: Stored(['clean', 'infected', 'unscanned']),
            finding: z.string().nullable().meta({ description: 'What was found, or why it was not scanned.' }),
          })
          .nullable()
          .meta({ description: 'Of the scanner. Null: nothing was read yet, or no scanner is set up.' }),
      }),
    ),
    webLink: z.string().nullable().meta({
      description: 'Opens the message in Outlook on the web. Null: ask `/items/{id}/web-link`.',
    }),
    categories: z.array(z.string()).meta({ description: 'As people and rules of the mailbox set them, at capture.' }),
    special: z
      .object({ kind: Stored(specialKinds) })
      .nullable()
      .meta({
        description:
          'What it is besides its text. Its details are at `/items/{id}/special`. `signed` and `encrypted` are S/MIME, ' +
          '`smime` one of the two, which only its details show; signatures are not verified. `outlook-package`: it has ' +
          'a `winmail.dat` (TNEF), which is only downloaded.',
      }),
    authentication: Authentication,
    automatic: Automatic,
    unreadAttachments: z
      .object({
        code: z.string().nullable().meta({ description: "Microsoft's own code, or `scan-in-progress`." }),
        since: Time,
      })
      .nullable()
      .meta({
        description: 'The mail server could not list the attachments, or still scans them. They are asked for again.',
      }),
    copies: z.array(z.object({ foundAt: Time })).meta({
      description:
        'When the same mail came again under another id (moved out and in, restored, connected again), at most 20. It ' +
        'was not queued again.',
    }),
  })
  .meta({ id: 'Message', description: 'A message as it was captured.' });

export const ItemWithMessage = z
  .object({
    ...Item.shape,
    lostClaim: z
      .object({
        how: z.enum(['expired', 'taken-back']),
        claimedBy: z.string().meta({ description: 'Who had claimed it: `user:<id>` or `key:<id>`.' }),
        endedAt: Time,
        endedByName: z.string().nullable().meta({ description: 'Who took it back.' }),
      })
      .nullable()
      .meta({ description: 'How the last claim of an item that waits was lost; null: it was not.' }),
    message: Message.nullable().meta({ description: 'Null: it was deleted from Mailroom, at `contentDeletedAt`.' }),
  })
  .meta({ id: 'ItemWithMessage' });

/** An item with its whole message, as it is shown. */
export function itemWithMessageAnswer({ item, message, lostClaim }: ItemView): z.output<typeof ItemWithMessage> {
  return { ...itemAnswer(item), lostClaim: lostClaim ?? null, message: message ? messageAnswer(message) : null };
}

function messageAnswer(message: MessageView): z.output<typeof Message> {
  const { bodyHtml, bodyText, recipients, headers, attachments, copies, leftOut, categories, ...rest } = message;
  const kind = specialKindOf(message);
  return {
    ...rest,
    recipients: {
      to: [...recipients.to],
      cc: [...recipients.cc],
      bcc: [...recipients.bcc],
      replyTo: [...recipients.replyTo],
    },
    headers: headers && [...headers],
    text: bodyText,
    html: bodyHtml,
    attachments: attachments.map(attachmentAnswer),
    categories: [...categories],
    special: kind && { kind },
    authentication: readAuthentication(headers),
    automatic: findAutomatic({ headers, from: message.from ?? undefined, recipients }) ?? null,
    copies: [...copies],
    leftOut: leftOut ?? {},
  };
}

function attachmentAnswer({ risk, verdict, finding, ...attachment }: AttachmentView) {
  return {
    ...attachment,
    preview: previewKindOf(attachment),
    contentId: attachment.contentId?.replaceAll(/^<|>$/g, '') ?? null,
    risk: risk ?? riskOfName(attachment.name),
    scan: verdict === null ? null : { verdict, finding },
  };
}
