import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listSentAnswers } from '../../database/answers/answer-views.ts';
import { type ConversationMail, findConversation } from '../../database/queues/conversations.ts';
import { principalOf } from '../access/access.ts';
import { Answer, answerAnswer } from '../answers/schemas.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Stored } from '../http/stored.ts';
import { Id, IdParams, Time } from '../http/values.ts';
import { noSuchItem } from '../items/item-problems.ts';
import { Correspondent, correspondent } from '../items/schemas.ts';
import { QueueRef, queueAnswer } from '../queues/schemas.ts';

const Mail = z
  .object({
    itemId: Id,
    account: z.object({ id: Id, address: z.string() }),
    queue: QueueRef.nullable(),
    state: Stored(['waiting', 'claimed', 'completed', 'unqueued', 'parked', 'joined']),
    subject: z.string(),
    from: Correspondent.nullable(),
    receivedAt: Time,
    hasAttachments: z.boolean(),
    preview: z.string().meta({ description: 'The beginning of its text, at most 240 characters.' }),
    alsoIn: z
      .array(z.object({ itemId: Id, address: z.string() }))
      .meta({ description: 'The same mail in other mailboxes, each with an item of its own.' }),
  })
  .meta({ id: 'ConversationMail' });

const Conversation = z
  .object({
    mails: z.array(Mail).meta({ description: 'Of the conversation, this one among them: oldest first, at most 100.' }),
    answers: z.array(Answer).meta({
      description:
        'To these mails, sent or on their way: oldest first, at most 100. Their text: `GET /api/v1/answers/{id}`.',
    }),
    earlier: z.array(Mail).meta({ description: 'Other mail from the same sender, newest first, at most 20.' }),
  })
  .meta({ id: 'Conversation' });

/** What else was written about the matter of an item, and by its sender. */
export function conversationRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/conversations/:id',
      {
        config: { permission: 'items.read', problems: ['not-found'] },
        schema: {
          tags: ['Items'],
          summary: 'Read the conversation of an item',
          description:
            'By the id of an item. Mails of its mailbox with the same conversation id, mails of other mailboxes by ' +
            'Message-ID, References and In-Reply-To, and what else its sender wrote. A mail that arrived in two mailboxes ' +
            'is listed once. Without bodies: read them by their items.',
          params: IdParams,
          response: { 200: answer(Conversation, 'The conversation.') },
        },
      },
      async (request) => {
        const { actor, reach } = principalOf(request);
        const found = await findConversation(db, request.params.id, reach);
        if (!found) throw noSuchItem();
        const { mails, earlier } = found;
        const itemIds = mails.flatMap(({ itemId, alsoIn }) => [itemId, ...alsoIn.map((also) => also.itemId)]);
        const answers = await listSentAnswers(db, itemIds);
        return {
          mails: mails.map(mailAnswer),
          answers: answers.map((each) => answerAnswer(each, actor)),
          earlier: earlier.map(mailAnswer),
        };
      },
    );
  };
}

function mailAnswer(mail: ConversationMail): z.output<typeof Mail> {
  const { accountId, address, queueId, queueName, fromName, fromAddress, alsoIn, ...rest } = mail;
  return {
    ...rest,
    account: { id: accountId, address },
    queue: queueAnswer(queueId, queueName),
    from: correspondent(fromName, fromAddress),
    alsoIn: [...alsoIn],
  };
}
