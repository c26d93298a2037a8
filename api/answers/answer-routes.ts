import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findAnswer, listAnswers, listAnswersOfItem } from '../../database/answers/answer-views.ts';
import { discardAnswer, markSent, type OutboxStep, retryAnswer, undoSend } from '../../database/answers/outbox.ts';
import { findSendingOption } from '../../database/answers/sending-options.ts';
import { findAccountOfItem } from '../../database/queues/items.ts';
import { type AnswerState, answerStates } from '../../domain/answer.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Flag, IdParams } from '../http/values.ts';
import { noSuchItem } from '../items/item-problems.ts';
import { noSuchAnswer, ofOther } from './draft-problems.ts';
import { Answer, answerAnswer, Draft, draftAnswer } from './schemas.ts';
import { SendingState, sendingAnswer } from './sending-schemas.ts';

const tags = ['Answers'];
const MOST_ANSWERS = 200;

const States = z
  .string()
  .transform((text) => text.split(',').map((state) => state.trim()))
  .pipe(z.array(z.enum(answerStates)).min(1))
  .meta({ type: 'string', examples: ['failed,unknown'], description: `Of ${answerStates.join(', ')}.` });

/** What became of answers, and what a person can still do about them. */
export function answerRoutes({ db, startSending }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/items/:id/answers',
      {
        config: { permission: 'items.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'List the drafts and answers of an item',
          description: 'Oldest first, without their text; and whether its mailbox can send.',
          params: IdParams,
          response: {
            200: answer(z.object({ answers: z.array(Answer), sending: SendingState }), 'Drafts and answers.'),
          },
        },
      },
      async (request) => {
        const accountId = await findAccountOfItem(db, request.params.id);
        const option = accountId === undefined ? undefined : await findSendingOption(db, accountId);
        if (!option) throw noSuchItem();
        const { actor } = principalOf(request);
        const answers = await listAnswersOfItem(db, request.params.id);
        return { answers: answers.map((each) => answerAnswer(each, actor)), sending: sendingAnswer(option) };
      },
    );

    app.get(
      '/api/v1/answers',
      {
        config: { permission: 'items.answer' },
        schema: {
          tags,
          summary: 'List answers by their state',
          description: `The newest first, at most ${MOST_ANSWERS}. \`mine\`: only those that you wrote or sent.`,
          querystring: z.strictObject({ state: States.default(['failed', 'unknown']), mine: Flag.default(false) }),
          response: { 200: answer(z.object({ answers: z.array(Answer) }), 'The answers.') },
        },
      },
      async (request) => {
        const { actor, reach } = principalOf(request);
        const { state: states, mine } = request.query;
        const found = await listAnswers(db, { states, actor: mine ? actor : undefined, reach, limit: MOST_ANSWERS });
        return { answers: found.map((each) => answerAnswer(each, actor)) };
      },
    );

    app.get(
      '/api/v1/answers/:id',
      {
        config: { permission: 'items.read', problems: ['not-found', 'conflict'] },
        schema: {
          tags,
          summary: 'Read an answer with its text',
          params: IdParams,
          response: { 200: answer(Draft, 'The answer.') },
        },
      },
      async (request) => {
        const { actor } = principalOf(request);
        const found = await findAnswer(db, request.params.id);
        if (!found || found.state === 'discarded') throw noSuchAnswer();
        if (found.state === 'draft' && found.author !== actor) throw ofOther(found);
        return draftAnswer(found, actor);
      },
    );

    const steps = {
      undo: {
        summary: 'Undo the sending of an answer',
        description: 'Until `sendAt`: back to the draft. An item that was completed with it is yours again.',
        take: (id: string) => undoSend(db, id),
      },
      retry: {
        summary: 'Send an answer again',
        description:
          'One that failed, or whose sending is unknown: then the mailbox is searched for it once more, and it is sent if it ' +
          'is not found.',
        take: (id: string, actor: string) => retryAnswer(db, actor, id),
      },
      discard: {
        summary: 'Give up an answer',
        description: 'One that failed, or whose sending is unknown. Its text goes.',
        take: (id: string, actor: string) => discardAnswer(db, actor, id),
      },
      'mark-sent': {
        summary: 'Mark an answer as sent',
        description: 'One whose sending is unknown, and that a person found in the sent mail.',
        take: (id: string, actor: string) => markSent(db, actor, id),
      },
    } as const;

    for (const [name, { summary, description, take }] of Object.entries(steps)) {
      app.post(
        `/api/v1/answers/:id/${name}`,
        {
          config: { permission: 'items.answer', problems: ['not-found', 'conflict', 'invalid-transition'] },
          schema: {
            tags,
            summary,
            description,
            params: IdParams,
            body: z.strictObject({}).nullish(),
            response: { 200: answer(Answer, 'The answer as it is now.') },
          },
        },
        async (request) => {
          const { actor } = principalOf(request);
          const changed = done(await take(request.params.id, actor));
          if (name === 'retry') startSending(changed.id, 0);
          return answerAnswer(changed, actor);
        },
      );
    }
  };
}

/** What the state says about a step that it does not allow. */
const stateWords: Readonly<Record<AnswerState, string>> = {
  draft: 'The answer is a draft, which is not being sent.',
  scheduled: 'The answer is about to be sent: until then, the sending can be undone.',
  sending: 'The answer is being sent: it is too late for this.',
  sent: 'The answer was sent: it is too late for this.',
  failed: 'The answer was certainly not sent: change it, or send it again.',
  unknown: 'The answer may have been sent: look into the mailbox, then send it again, mark it as sent or give it up.',
  discarded: 'The answer was given up.',
};

function done(step: OutboxStep) {
  switch (step.outcome) {
    case 'done':
      return step.answer;
    case 'not-found':
      throw noSuchAnswer();
    case 'has-draft':
      throw new Problem(
        'draft-own-exists',
        'You have begun another draft of the same kind for this mail. Send or discard it first.',
      );
    case 'refused':
      throw new Problem('answer-state-forbids', `${stateWords[step.current.state]} Read it again.`, {
        facts: { state: step.current.state },
      });
  }
}
