import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type DrainView, listDrains } from '../../database/accounts/account-reads.ts';
import { eventNames, listAccountEvents } from '../../database/accounts/events.ts';
import { listQuarantine, type QuarantineEntry, retryQuarantined } from '../../database/capture/quarantine-reads.ts';
import { drainOutcomes } from '../../domain/drain-outcome.ts';
import { isFailure } from '../../domain/failure.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { Problem } from '../http/problem.ts';
import { Stored } from '../http/stored.ts';
import { Before, Count, Flag, Id, IdParams, Time } from '../http/values.ts';
import { Correspondent } from '../items/schemas.ts';
import { getAccountRef } from './account-commands.ts';
import { actorWords, eventWords } from './event-words.ts';
import { storedFailureWords } from './failure-words.ts';

const tags = ['Accounts'];

const Newest = z.strictObject({ limit: Count(1, 200, 50), before: Before });

const AccountEvent = z
  .object({
    id: z.int(),
    at: Time,
    name: Stored(eventNames),
    actor: z.string().meta({ description: '`user:<id>`, `key:<id>`, `cli` or `mailroom`.' }),
    actorName: z
      .string()
      .nullable()
      .meta({ description: "The user's address, or the API key's name, as it is today." }),
    by: z.string().meta({ description: 'Who did it, in words.', examples: ['ada@contoso.example'] }),
    words: z.string().meta({ examples: ['Disabled: no mail is routed.'] }),
    details: z.record(z.string(), z.unknown()),
    signedInAs: z.string().nullable().meta({ description: 'Who signed in, also where that was refused.' }),
    connectedAs: Id.nullable().meta({
      description: 'The account that reads the mailbox already, where that is why a sign-in was refused.',
    }),
  })
  .meta({ id: 'AccountEvent' });

const Drain = z
  .object({
    id: z.int(),
    startedAt: Time,
    finishedAt: Time,
    pages: z.int(),
    captured: z.int(),
    known: z.int().meta({ description: 'Seen before.' }),
    skipped: z.int().meta({ description: 'Received before the account was connected, or while it was disabled.' }),
    quarantined: z.int(),
    outcome: Stored(drainOutcomes),
    reason: z.string().nullable(),
    words: z.string().nullable().meta({ description: 'Why it failed.' }),
  })
  .meta({ id: 'Drain', description: 'One reading of everything new of a mailbox.' });

const Quarantined = z
  .object({
    id: Id,
    reason: z.string(),
    words: z.string(),
    code: z.string().nullable(),
    folder: z.string(),
    attempts: z.int(),
    preview: z
      .object({
        subject: z.string().nullable(),
        from: Correspondent.nullable(),
        receivedAt: Time.nullable(),
        text: z.string().nullable().meta({ description: 'How its text begins.' }),
      })
      .nullable()
      .meta({ description: 'What could be read of it; null: nothing.' }),
    receivedAt: Time.nullable().meta({ description: 'When it was received, as far as known.' }),
    state: Stored(['parked', 'retrying', 'resolved']),
    firstAt: Time,
    lastAt: Time,
    retryAt: Time.nullable().meta({
      description: 'When Mailroom retries it automatically; null: only on request.',
    }),
  })
  .meta({ id: 'Quarantined', description: 'A message that could not be captured.' });

/** History of an account: its events, drains and quarantined messages. */
export function accountHistoryRoutes(dependencies: ApiDependencies): FastifyPluginAsyncZod {
  const { db, mailboxes } = dependencies;
  return async (app) => {
    app.get(
      '/api/v1/email/accounts/:id/events',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'What happened to an account',
          params: IdParams,
          querystring: Newest,
          response: { 200: answer(z.object({ events: z.array(AccountEvent) }), 'Newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        const events = await listAccountEvents(db, id, request.query);
        return {
          events: events.map((event) => ({
            id: event.id,
            at: event.at,
            name: event.name,
            actor: event.actor,
            actorName: event.actorName,
            by: actorWords(event),
            words: eventWords(event),
            details: { ...event.details },
            signedInAs: event.signedInAs,
            connectedAs: event.connectedAs,
          })),
        };
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/drains',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'What the drains of an account did',
          description: 'Only those that captured or quarantined something, or failed half-way.',
          params: IdParams,
          querystring: Newest,
          response: { 200: answer(z.object({ drains: z.array(Drain) }), 'Newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        const drains = await listDrains(db, id, request.query);
        return { drains: drains.map((drain) => ({ ...drain, words: drainWords(drain) })) };
      },
    );

    app.get(
      '/api/v1/email/accounts/:id/quarantine',
      {
        config: { permission: 'accounts.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Messages that could not be captured',
          params: IdParams,
          querystring: z.strictObject({ resolved: Flag.default(false), limit: Count(1, 500, 100) }),
          response: { 200: answer(z.object({ messages: z.array(Quarantined) }), 'Newest first.') },
        },
      },
      async (request) => {
        const { id } = await getAccountRef(dependencies, request.params.id);
        const messages = await listQuarantine(db, id, request.query);
        return { messages: messages.map(quarantinedAnswer) };
      },
    );

    app.post(
      '/api/v1/email/accounts/:id/quarantine/:messageId/retry',
      {
        config: { permission: 'accounts.change', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Try a message again',
          description: 'With the next drain, which begins at once.',
          params: z.object({ id: Id, messageId: Id }),
          body: z.strictObject({}).nullish(),
          response: { 200: answer(Quarantined, 'The message as it is now.') },
        },
      },
      async (request) => {
        const { id, messageId } = request.params;
        const ref = await getAccountRef(dependencies, id);
        const entry = await retryQuarantined(db, principalOf(request).actor, ref.id, messageId);
        if (!entry) {
          throw new Problem(
            'no-such-quarantined-message',
            "There is no such message in this account's quarantine. List it again.",
          );
        }
        // The next poll finds the mark in any case; waking the workflow only saves the wait.
        await mailboxes.wake(ref, { because: 'asked-for' }).catch((error: unknown) => {
          if (!isFailure(error, 'Unavailable')) throw error;
        });
        return quarantinedAnswer(entry);
      },
    );
  };
}

function drainWords({ outcome, reason }: DrainView): string | null {
  if (outcome !== 'failed') return null;
  const { cause, nextStep } = storedFailureWords(reason ?? '', reason);
  return `${cause} ${nextStep}`;
}

function quarantinedAnswer(entry: QuarantineEntry): z.output<typeof Quarantined> {
  const { cause, nextStep } = storedFailureWords('MessageRejected', entry.reason);
  const { preview } = entry;
  const readAt = preview?.receivedAt === undefined ? null : new Date(preview.receivedAt);
  const isKnown = preview !== null && Object.keys(preview).length > 0;
  return {
    ...entry,
    words: `${cause} ${nextStep}`,
    receivedAt: readAt ?? entry.receivedAt,
    preview: isKnown
      ? {
          subject: preview.subject ?? null,
          from: preview.from ?? null,
          receivedAt: readAt,
          text: preview.text ?? null,
        }
      : null,
  };
}
