import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findAccountRef } from '../../database/accounts/account-reads.ts';
import {
  addCannedAnswer,
  type CannedAnswer,
  changeCannedAnswer,
  findPlaceholderValues,
  listCannedAnswers,
  removeCannedAnswer,
} from '../../database/answers/canned-answers.ts';
import { accountOwner, findSignature, putSignature, type Signature } from '../../database/answers/signatures.ts';
import { itemsWithin } from '../../database/people/reach.ts';
import { fillPlaceholders } from '../../domain/placeholders.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { refusedAs } from '../http/value-problem.ts';
import { Id, IdParams, Line, Time } from '../http/values.ts';
import { noSuchItem } from '../items/item-problems.ts';
import { cleanHtml } from './clean-html.ts';

const tags = ['Answers'];

/** HTML that people write once and use often. */
const Html = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => text.isWellFormed(), refusedAs('not-well-formed'));
/** A logo as data included. */
const SIGNATURE_CHARACTERS = 500_000;
const CANNED_CHARACTERS = 100_000;

const SignatureSchema = z
  .object({ html: z.string(), updatedAt: Time.nullable() })
  .meta({ id: 'Signature', description: 'Empty: none.' });
const SignatureInput = z
  .strictObject({ html: Html(SIGNATURE_CHARACTERS) })
  .meta({ id: 'SignatureChange', examples: [{ html: '<p>Kind regards<br>Ada</p>' }] });

const Canned = z
  .object({
    id: Id,
    name: z.string(),
    html: z.string(),
    filled: z
      .object({ html: z.string(), missing: z.array(z.string()) })
      .nullable()
      .meta({ description: 'With `item`: the placeholders filled; `missing` are those without a value.' }),
    updatedAt: Time,
  })
  .meta({ id: 'CannedAnswer' });
const CannedInput = z.strictObject({ name: Line(100).min(1), html: Html(CANNED_CHARACTERS).min(1) }).meta({
  id: 'CannedAnswerChange',
  examples: [{ name: 'Refund is under way', html: '<p>Dear {{customer.name}}, …</p>' }],
});

const signatureAnswer = (found: Signature | undefined) => ({
  html: found?.body ?? '',
  updatedAt: found?.updatedAt ?? null,
});

/** Signatures and canned answers. */
export function answerTextRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function requireAccount(id: string): Promise<void> {
    const account = await findAccountRef(db, id);
    if (!account || account.removed) throw new Problem('no-such-account', 'There is no such account.');
  }

  return async (app) => {
    app.get(
      '/api/v1/me/signature',
      {
        config: { permission: 'items.answer' },
        schema: { tags, summary: 'Read your signature', response: { 200: answer(SignatureSchema, 'Your signature.') } },
      },
      async (request) => signatureAnswer(await findSignature(db, principalOf(request).actor)),
    );

    app.put(
      '/api/v1/me/signature',
      {
        config: { permission: 'items.answer' },
        schema: {
          tags,
          summary: 'Change your signature',
          description: 'HTML, sanitised. New drafts begin with it.',
          body: SignatureInput,
          response: { 200: answer(SignatureSchema, 'Your signature.') },
        },
      },
      async (request) => {
        const { actor } = principalOf(request);
        await putSignature(db, actor, actor, cleanHtml(request.body.html));
        return signatureAnswer(await findSignature(db, actor));
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/signature',
      {
        config: { permission: 'items.answer', problems: ['not-found'] },
        schema: {
          tags,
          summary: "Read a mailbox's signature",
          params: IdParams,
          response: { 200: answer(SignatureSchema, 'The signature.') },
        },
      },
      async (request) => {
        await requireAccount(request.params.id);
        return signatureAnswer(await findSignature(db, accountOwner(request.params.id)));
      },
    );

    app.put(
      '/api/v1/email/accounts/:id/signature',
      {
        config: { permission: 'answers.manage', problems: ['not-found'] },
        schema: {
          tags,
          summary: "Change a mailbox's signature",
          description: "HTML, sanitised. New drafts have it after the person's own.",
          params: IdParams,
          body: SignatureInput,
          response: { 200: answer(SignatureSchema, 'The signature.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        await requireAccount(id);
        await putSignature(db, principalOf(request).actor, accountOwner(id), cleanHtml(request.body.html));
        return signatureAnswer(await findSignature(db, accountOwner(id)));
      },
    );

    app.get(
      '/api/v1/canned-answers',
      {
        config: { permission: 'items.answer', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'List the canned answers',
          description:
            'Placeholders: `{{customer.name}}`, `{{agent.name}}`, `{{item.number}}`, `{{subject}}`; with `item`, `filled` ' +
            'has their values.',
          querystring: z.strictObject({ item: Id.optional() }),
          response: { 200: answer(z.object({ cannedAnswers: z.array(Canned) }), 'By name.') },
        },
      },
      async (request) => {
        const { item } = request.query;
        const { displayName, name, reach } = principalOf(request);
        const [within] = item === undefined ? [] : await itemsWithin(db, [item], reach);
        const values = within === undefined ? undefined : await findPlaceholderValues(db, within);
        if (item !== undefined && !values) throw noSuchItem();
        const agentName = displayName || name;
        const cannedAnswers = (await listCannedAnswers(db)).map((canned) => ({
          ...cannedAnswer(canned),
          filled: values ? fillPlaceholders(canned.body, { ...values, agentName }) : null,
        }));
        return { cannedAnswers };
      },
    );

    app.post(
      '/api/v1/canned-answers',
      {
        config: { permission: 'answers.manage', problems: ['conflict'] },
        schema: {
          tags,
          summary: 'Add a canned answer',
          body: CannedInput,
          response: { 201: answer(Canned, 'The canned answer.') },
        },
      },
      async (request, reply) => {
        const { name, html } = request.body;
        reply.code(201);
        return cannedAnswer(await addCannedAnswer(db, principalOf(request).actor, { name, body: cleanHtml(html) }));
      },
    );

    app.put(
      '/api/v1/canned-answers/:id',
      {
        config: { permission: 'answers.manage', problems: ['not-found', 'conflict'] },
        schema: {
          tags,
          summary: 'Change a canned answer',
          params: IdParams,
          body: CannedInput,
          response: { 200: answer(Canned, 'The canned answer.') },
        },
      },
      async (request) => {
        const { name, html } = request.body;
        const text = { name, body: cleanHtml(html) };
        const changed = await changeCannedAnswer(db, principalOf(request).actor, request.params.id, text);
        if (!changed) throw noSuchCanned();
        return cannedAnswer(changed);
      },
    );

    app.delete(
      '/api/v1/canned-answers/:id',
      {
        config: { permission: 'answers.manage', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Remove a canned answer',
          params: IdParams,
          response: { 204: empty('The canned answer is gone.') },
        },
      },
      async (request, reply) => {
        if (!(await removeCannedAnswer(db, request.params.id))) throw noSuchCanned();
        return await reply.code(204).send();
      },
    );
  };
}

function cannedAnswer({ id, name, body, updatedAt }: CannedAnswer): z.output<typeof Canned> {
  return { id, name, html: body, filled: null, updatedAt };
}

function noSuchCanned(): Problem {
  return new Problem('no-such-canned-answer', 'There is no such canned answer. Take the id from the list.');
}
