import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listItemEvents } from '../../database/accounts/events.ts';
import { findItemContent } from '../../database/content/item-attachments.ts';
import { listColleagues } from '../../database/people/users.ts';
import { addRemark, listNotes, type NoteView, seeMentions } from '../../database/queues/item-notes.ts';
import { endPresence, listPresent, reportPresence } from '../../database/queues/item-presence.ts';
import { listMyItems } from '../../database/queues/my-items.ts';
import { doings, noteKinds } from '../../domain/item-work.ts';
import { principalOf } from '../access/access.ts';
import { eventWords } from '../accounts/event-words.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer, empty } from '../http/answers.ts';
import { Stored } from '../http/stored.ts';
import { Id, IdParams, Time } from '../http/values.ts';
import { noSuchItem } from './item-problems.ts';
import { Item, itemAnswer } from './schemas.ts';
import { NoteText } from './work-routes.ts';

const tags = ['Items'];

const Person = z.object({ id: Id, name: z.string().meta({ description: 'E-mail address.' }) });

const Note = z
  .object({
    id: Id,
    by: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
    name: z.string().nullable(),
    kind: Stored(noteKinds).meta({ description: 'A remark, or what it is the reason for.' }),
    text: z.string(),
    at: Time,
    mentions: z.array(Person),
  })
  .meta({ id: 'Note', description: 'What a person wrote about an item, for colleagues.' });

function noteAnswer({ id, author, authorName, kind, text, at, mentions }: NoteView): z.output<typeof Note> {
  return { id, by: author, name: authorName, kind, text, at, mentions: [...mentions] };
}

const ItemEvent = z
  .object({
    id: z.int(),
    at: Time,
    name: z.string(),
    words: z.string(),
    by: z.string().nullable().meta({ description: 'The name of who did it.' }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ItemEvent' });

const HISTORY_SHOWN = 100;

const Presence = z
  .object({
    others: z.array(
      z.object({
        by: z.string().meta({ description: '`user:<id>` or `key:<id>`.' }),
        name: z.string().nullable(),
        doing: Stored(doings),
      }),
    ),
  })
  .meta({ id: 'Presence' });

/** What colleagues say about an item, who is at it now, and what waits for oneself. */
export function noteRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  async function mustExist(id: string): Promise<void> {
    if (!(await findItemContent(db, id))) throw noSuchItem();
  }

  return async (app) => {
    app.get(
      '/api/v1/items/mine',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'List what waits for you',
          description: 'At most 200 of each kind.',
          response: {
            200: answer(
              z.object({
                held: z.array(Item).meta({ description: 'Claimed by you, the shortest lease first.' }),
                assigned: z.array(Item).meta({ description: 'Kept for you, and waiting.' }),
                parked: z.array(Item).meta({ description: 'Parked by you, the next to wake first.' }),
                mentioned: z.array(Item).meta({ description: 'With a note for you that you have not seen.' }),
              }),
              'The items.',
            ),
          },
        },
      },
      async (request) => {
        const { actor, kind, id, reach } = principalOf(request);
        const userId = kind === 'user' ? id : undefined;
        const { held, assigned, parked, mentioned } = await listMyItems(db, actor, userId, reach);
        return {
          held: held.map(itemAnswer),
          assigned: assigned.map(itemAnswer),
          parked: parked.map(itemAnswer),
          mentioned: mentioned.map(itemAnswer),
        };
      },
    );

    app.get(
      '/api/v1/colleagues',
      {
        config: { permission: 'items.work' },
        schema: {
          tags,
          summary: 'List people who work on items',
          description: 'Enabled users, by address: for moving an item to one, or mentioning one in a note.',
          response: { 200: answer(z.object({ people: z.array(Person) }), 'The people.') },
        },
      },
      async () => ({ people: [...(await listColleagues(db))] }),
    );

    app.get(
      '/api/v1/items/:id/notes',
      {
        config: { permission: 'items.read', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Read the notes and the history of an item',
          params: IdParams,
          response: {
            200: answer(
              z.object({ notes: z.array(Note), history: z.array(ItemEvent) }),
              'Notes, oldest first, at most 500; and what happened to the item, newest first, at most 100.',
            ),
          },
        },
      },
      async (request) => {
        const { id } = request.params;
        await mustExist(id);
        const history = await listItemEvents(db, id, HISTORY_SHOWN);
        return {
          notes: (await listNotes(db, id)).map(noteAnswer),
          history: history.map((event) => {
            const { id: eventId, at, name, actorName, details } = event;
            return { id: eventId, at, name, words: eventWords(event), by: actorName, details };
          }),
        };
      },
    );

    app.post(
      '/api/v1/items/:id/notes',
      {
        config: { permission: 'items.work', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Add a note',
          description: 'For colleagues; never sent. Who is mentioned finds the item among theirs.',
          params: IdParams,
          body: z
            .strictObject({ text: NoteText, mentions: z.array(Id).max(20).default([]) })
            .meta({ examples: [{ text: 'The customer called as well.' }] }),
          response: { 201: answer(Note, 'The note.') },
        },
      },
      async (request, reply) => {
        const { text, mentions } = request.body;
        const { actor: author } = principalOf(request);
        const note = await addRemark(db, { itemId: request.params.id, author, text, mentions });
        if (!note) throw noSuchItem();
        return await reply.code(201).send(noteAnswer(note));
      },
    );

    app.post(
      '/api/v1/items/:id/presence',
      {
        config: { permission: 'items.work', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Report that you look at an item, or write',
          description:
            'Every 15 seconds while its page is open. Answers who else does. Notes that mention you count as seen.',
          params: IdParams,
          body: z.strictObject({ doing: z.enum(doings) }).meta({ examples: [{ doing: 'looking' }] }),
          response: { 200: answer(Presence, 'Who else is there.') },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { actor, kind, id: userId } = principalOf(request);
        if (!(await reportPresence(db, id, actor, request.body.doing))) throw noSuchItem();
        if (kind === 'user') await seeMentions(db, id, userId);
        const others = await listPresent(db, id, actor);
        return { others: others.map(({ actor: by, name, doing }) => ({ by, name, doing })) };
      },
    );

    app.delete(
      '/api/v1/items/:id/presence',
      {
        config: { permission: 'items.work', problems: ['not-found'] },
        schema: {
          tags,
          summary: 'Report that you left an item',
          params: IdParams,
          response: { 204: empty('Noted.') },
        },
      },
      async (request, reply) => {
        await endPresence(db, request.params.id, principalOf(request).actor);
        return await reply.code(204).send();
      },
    );
  };
}
