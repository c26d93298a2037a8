import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AnswerView, findAnswer } from '../../database/answers/answer-views.ts';
import { type Scheduling, scheduleAnswer } from '../../database/answers/outbox.ts';
import { findConfirmations } from '../../database/answers/send-confirmations.ts';
import { findSendingOption } from '../../database/answers/sending-options.ts';
import { findItem, type ItemSummary } from '../../database/queues/messages.ts';
import { type Confirmation, confirmations, MAX_RECIPIENTS } from '../../domain/answer.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { SeenThrough } from '../items/schemas.ts';
import { refusedStep } from '../items/step-answers.ts';
import { wordsOfHtml, wordsOfText } from './clean-html.ts';
import { draftProblem, noSuchDraft } from './draft-problems.ts';
import { IfMatch, requiredVersion } from './draft-version.ts';
import { Answer, answerAnswer } from './schemas.ts';
import { confirmationWords, sendingWords } from './sending-words.ts';

const tags = ['Answers'];
/** As in Outlook and Gmail: time to see that it was the wrong button. */
const UNDO_MS = 10_000;

const Send = z
  .strictObject({
    completeItem: z.boolean().default(false),
    seenThrough: SeenThrough,
    confirmed: z.array(z.enum(confirmations)).max(confirmations.length).optional(),
    delaySeconds: z.int().min(0).max(120).optional().meta({ description: 'Time to undo it; 10 by default.' }),
  })
  .meta({ id: 'SendAnswer', examples: [{ completeItem: true }] });

const SendHeaders = IfMatch.extend({
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description:
        'A name for this request. Repeated with it, the answer is not sent again, even after an undo. 422 ' +
        '`request-key-reused` where another request of yours had it.',
      examples: ['b9a1d0c4-5d3e-4f0a-9a55-2f1c0e8d7b43'],
    }),
});

/** Sends drafts: into the outbox, from where a worker takes them. */
export function sendRoutes({ db, startSending }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/api/v1/drafts/:id/send',
      {
        config: {
          permission: 'items.answer',
          problems: [
            ...([
              'not-found',
              'gone',
              'conflict',
              'invalid-transition',
              'changed-meanwhile',
              'version-required',
            ] as const),
            ...(['needs-confirmation', 'not-claimed'] as const),
          ],
        },
        schema: {
          tags,
          summary: 'Send a draft',
          description:
            'Needs `Idempotency-Key` and `If-Match`. It is sent at `sendAt`, until then it can be undone. `completeItem` ' +
            'completes the item at once, unless a mail was joined to it after `seenThrough`, or without it after the draft was ' +
            'begun (`item-has-new-mail`, and nothing is sent); ' +
            'an undo, or an answer that fails, opens it again. 409 `needs-confirmation` names in ' +
            '`facts.needed` what to repeat in `confirmed`.',
          params: IdParams,
          headers: SendHeaders,
          body: Send,
          response: { 202: answer(Answer, 'The answer in the outbox.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const { id: answerId } = request.params;
        const { completeItem, seenThrough, confirmed = [], delaySeconds } = request.body;
        const requestKey = request.headers['idempotency-key'];
        if (!requestKey) {
          throw new Problem('request-key-missing', 'Send a name for this request in the header Idempotency-Key.');
        }
        const version = requiredVersion(request.headers['if-match']);
        const draft = await findAnswer(db, answerId);
        if (!draft) throw noSuchDraft();
        if (draft.author === actor && (draft.state === 'draft' || draft.state === 'failed')) {
          const hindrance = (await findSendingOption(db, draft.accountId))?.hindrance;
          if (hindrance) {
            throw new Problem('sending-not-possible', sendingWords(hindrance), { facts: { why: hindrance } });
          }
          const text = draft.format === 'html' ? wordsOfHtml(draft.body) : wordsOfText(draft.body);
          const needed = (await findConfirmations(db, draft, text)).filter((each) => !confirmed.includes(each));
          if (needed.length > 0) throw needsConfirmation(needed);
        }
        const delayMs = delaySeconds === undefined ? UNDO_MS : delaySeconds * 1_000;
        const knowsOthers = confirmed.includes('answered-meanwhile');
        const send = { answerId, version, requestKey, completeItem, seenThrough, knowsOthers, delayMs };
        const scheduled = await scheduleAnswer(db, actor, send);
        if (!('answer' in scheduled)) throw sendProblem(scheduled, (await findItem(db, draft.itemId))?.item);
        startSending(answerId, delayMs);
        reply.code(202);
        return answerAnswer(scheduled.answer, actor);
      },
    );
  };
}

function needsConfirmation(needed: readonly Confirmation[]): Problem {
  return new Problem('needs-confirmation', confirmationWords(needed), { facts: { needed: [...needed] } });
}

function sendProblem(refusal: Exclude<Scheduling, { answer: AnswerView }>, item: ItemSummary | undefined): Problem {
  switch (refusal.outcome) {
    case 'other-request':
      return new Problem(
        'request-key-reused',
        'Another request for this answer had the same Idempotency-Key, and other values. Use a new one for each request.',
      );
    case 'no-address':
      return new Problem(
        'recipient-no-address',
        'At least one recipient is not an e-mail address. Correct or remove it, then send again.',
      );
    case 'too-many-recipients':
      return new Problem(
        'too-many-recipients',
        `A mail has at most ${MAX_RECIPIENTS} recipients. Remove some, then send again.`,
        { facts: { most: MAX_RECIPIENTS } },
      );
    case 'message-deleted':
      return new Problem(
        'message-deleted',
        'The message was deleted from Mailroom, so it cannot be answered. Your text stays in the draft: answer from Outlook.',
      );
    case 'answered-meanwhile':
      return needsConfirmation(['answered-meanwhile']);
    case 'no-recipients':
      return new Problem('recipients-missing', 'The answer has no recipients. Enter at least one.');
    case 'item-refused':
      if (refusal.refusal !== 'unqueued') return refusedStep(refusal.refusal, item);
      return new Problem(
        'item-unqueued',
        'The item is in no queue, so it cannot be completed. Send without completing it.',
      );
    default:
      return draftProblem(refusal);
  }
}
