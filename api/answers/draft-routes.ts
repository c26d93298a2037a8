import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type AnswerView, findAnswer } from '../../database/answers/answer-views.ts';
import { discardDraft, openDraft, saveDraft, takeOverDraft } from '../../database/answers/drafts.ts';
import { answerKinds, MAX_BODY_CHARACTERS } from '../../domain/answer.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { IdParams } from '../http/values.ts';
import { noSuchItem } from '../items/item-problems.ts';
import { cleanHtml } from './clean-html.ts';
import { draftProblem, noSuchDraft, ofOther } from './draft-problems.ts';
import { IfMatch, requiredVersion, sendVersion } from './draft-version.ts';
import { Draft, DraftInput, draftAnswer } from './schemas.ts';

const tags = ['Answers'];
/** A character has up to four bytes, or six where JSON escapes it. */
const DRAFT_BODY_BYTES = 6 * MAX_BODY_CHARACTERS;

const NewDraft = z.strictObject({ kind: z.enum(answerKinds) }).meta({ id: 'NewDraft', examples: [{ kind: 'reply' }] });

/** Drafts of answers. Opening one claims nothing. */
export function draftRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  /** The draft as its author may read it. */
  async function getOwn(id: string, actor: string): Promise<AnswerView> {
    const draft = await findAnswer(db, id);
    if (!draft || draft.state === 'discarded') throw noSuchDraft();
    if (draft.author !== actor) throw ofOther(draft);
    return draft;
  }

  return async (app) => {
    app.post(
      '/api/v1/items/:id/drafts',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'gone'] },
        schema: {
          tags,
          summary: 'Begin an answer',
          description:
            'Opens your draft of this kind for the item: the one that you have, or a new one with recipients, subject and ' +
            'signatures. Claims nothing.',
          params: IdParams,
          body: NewDraft,
          response: { 200: answer(Draft, 'The draft that you have.'), 201: answer(Draft, 'The new draft.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const opening = await openDraft(db, actor, { itemId: request.params.id, kind: request.body.kind });
        if (!('draft' in opening)) {
          if (opening.outcome === 'not-found') throw noSuchItem();
          const detail = 'The message was deleted from Mailroom, so there is nothing to answer.';
          throw new Problem('message-deleted', detail);
        }
        sendVersion(reply, opening.draft);
        reply.code(opening.outcome === 'opened' ? 201 : 200);
        return draftAnswer(opening.draft, actor);
      },
    );

    app.get(
      '/api/v1/drafts/:id',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'conflict'] },
        schema: {
          tags,
          summary: 'Read your draft',
          description: 'Its ETag is the version of its text. The draft of another user has to be taken over first.',
          params: IdParams,
          response: { 200: answer(Draft, 'The draft.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const draft = await getOwn(request.params.id, actor);
        sendVersion(reply, draft);
        return draftAnswer(draft, actor);
      },
    );

    app.put(
      '/api/v1/drafts/:id',
      {
        bodyLimit: DRAFT_BODY_BYTES,
        config: {
          permission: 'items.answer',
          problems: ['not-found', 'conflict', 'invalid-transition', 'changed-meanwhile', 'version-required'],
        },
        schema: {
          tags,
          summary: 'Save a draft',
          description:
            'With `If-Match`: 412 when it was saved elsewhere since. HTML is sanitised; pictures of the draft may be named ' +
            'by their address in Mailroom, and become `cid:`. A failed answer is changed in the same way.',
          params: IdParams,
          headers: IfMatch,
          body: DraftInput,
          response: { 200: answer(Draft, 'The saved draft.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const { id } = request.params;
        const version = requiredVersion(request.headers['if-match']);
        const { to, cc, bcc, body, ...content } = request.body;
        const contentIds = content.format === 'html' ? contentIdsOf(await getOwn(id, actor)) : undefined;
        const saved = await saveDraft(
          db,
          actor,
          { id, version },
          { ...content, recipients: { to, cc, bcc }, body: contentIds ? cleanHtml(body, contentIds) : body },
        );
        if (saved.outcome !== 'saved') throw draftProblem(saved);
        sendVersion(reply, saved.draft);
        return draftAnswer(saved.draft, actor);
      },
    );

    app.delete(
      '/api/v1/drafts/:id',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'conflict', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Discard a draft',
          params: IdParams,
          response: { 204: empty('The draft is gone, with its attachments.') },
        },
      },
      async (request, reply) => {
        const discarded = await discardDraft(db, principalOf(request).actor, request.params.id);
        if (discarded.outcome !== 'discarded') throw draftProblem(discarded);
        return await reply.code(204).send();
      },
    );

    app.post(
      '/api/v1/drafts/:id/take-over',
      {
        config: { permission: 'items.answer', problems: ['not-found', 'conflict', 'invalid-transition'] },
        schema: {
          tags,
          summary: 'Take over a draft',
          description: "Makes another user's draft yours, with all its words; the history says so.",
          params: IdParams,
          body: z.strictObject({}).nullish(),
          response: { 200: answer(Draft, 'The draft, which is yours now.') },
        },
      },
      async (request, reply) => {
        const { actor } = principalOf(request);
        const taken = await takeOverDraft(db, actor, request.params.id);
        if (taken.outcome === 'has-own') {
          const detail = 'You have a draft of the same kind for this mail. Send or discard it first.';
          throw new Problem('draft-own-exists', detail);
        }
        if (taken.outcome !== 'taken') throw draftProblem(taken);
        sendVersion(reply, taken.draft);
        return draftAnswer(taken.draft, actor);
      },
    );
  };
}

function contentIdsOf({ attachments }: AnswerView): ReadonlyMap<string, string> {
  return new Map(attachments.flatMap(({ id, contentId }) => (contentId === null ? [] : [[id, contentId]])));
}
