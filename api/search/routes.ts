import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RANKED } from '../../database/search/find-places.ts';
import { countPending } from '../../database/search/index-pending.ts';
import {
  isStatementTimeout,
  type Search,
  type SearchHit,
  type SearchHits,
  type SearchPosition,
  searchMessages,
  searchOrders,
} from '../../database/search/search-messages.ts';
import { respell } from '../../database/search/search-words.ts';
import { excerpt, markWords } from '../../domain/search/mark-words.ts';
import { MOST_TERMS, parseSearch, type SearchQuery, searchAsText } from '../../domain/search/search-query.ts';
import { principalOf } from '../access/access.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { answer } from '../http/answers.ts';
import { decodeCursor, encodeCursor } from '../http/page-cursor.ts';
import { Problem } from '../http/problem.ts';
import { Count, Flag, Id } from '../http/values.ts';
import { itemAnswer } from '../items/schemas.ts';
import { SearchAnswer } from './schemas.ts';

const LONGEST_QUESTION = 500;
const EXCERPT_CHARACTERS = 220;
const COUNTED_PENDING = 10_000;

const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Finding items by what their messages say. */
export function searchRoutes({ db }: ApiDependencies): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/api/v1/search',
      {
        config: { permission: 'items.read' },
        schema: {
          tags: ['Items'],
          summary: 'Search messages',
          description:
            'Finds items by subject, text, sender, recipients, names of attachments and notes, in any state and queue. All words ' +
            'must occur, in any form of the language of the message; the last one may be the beginning of a word. ' +
            '`"in this order"`, `-without`, `word*`, `from:`, `to:`, `subject:` and `file:` narrow it. Numbers are found ' +
            `by their parts. By \`relevance\`, the newest ${RANKED} matches are ranked by where the words stand, and by age; ` +
            '`newest` lists all. A phrase of common words is looked for in a part of the messages at a time, the newest first: ' +
            '`searchedTo` says how far, and `nextCursor` goes on, also after a page without results. Without a question all ' +
            'messages match. A mail is found some seconds after its capture.',
          querystring: z.strictObject({
            q: z
              .string()
              .max(LONGEST_QUESTION)
              .default('')
              .meta({ examples: ['invoice RMA-2026-001'] }),
            queue: Id.optional(),
            account: Id.optional(),
            state: z.enum(['waiting', 'claimed', 'completed', 'parked', 'joined', 'unqueued']).optional(),
            person: z.string().max(100).optional().meta({
              description: 'Who claimed the item, or completed it: `user:<id>` or `key:<id>`.',
            }),
            tag: z.string().max(100).optional(),
            hasAttachments: Flag.optional(),
            receivedFrom: Moment.optional(),
            receivedBefore: Moment.optional(),
            order: z.enum(searchOrders).default('relevance'),
            pageSize: Count(1, 50, 20),
            cursor: z.string().max(500).optional(),
          }),
          response: { 200: answer(SearchAnswer, 'A page of results; `nextCursor` is null on the last one.') },
        },
      },
      async (request) => {
        const { q, queue: queueId, account: accountId, pageSize, cursor, ...rest } = request.query;
        const { reach } = principalOf(request);
        const allowed = { allowedQueues: reach.queueIds, allowedAccounts: reach.accountIds };
        const query = parseSearch(q);
        if (!query) {
          const detail = `The search has more than ${MOST_TERMS} words. Leave out those that matter least.`;
          throw new Problem('search-too-long', detail, { facts: { words: MOST_TERMS } });
        }
        const { after, isRespelled } = cursor === undefined ? {} : decodePosition(cursor);
        const ask = (query: SearchQuery) =>
          orRefuse(
            searchMessages(db, {
              ...rest,
              ...allowed,
              queueId,
              accountId,
              query,
              limit: pageSize + 1,
              after,
            } satisfies Search),
          );
        let respelled = isRespelled ? await respell(db, query) : undefined;
        let found = await ask(respelled ?? query);
        if (found.hits.length === 0 && found.goesOnAt === undefined && after === undefined) {
          const other = await respell(db, query);
          const foundByOther = other && (await ask(other));
          if (foundByOther && foundByOther.hits.length > 0) {
            found = foundByOther;
            respelled = other;
          }
        }
        const shown = found.hits.slice(0, pageSize);
        const hasMore = found.hits.length > pageSize;
        const next = hasMore ? shown.at(-1)?.position : found.goesOnAt;
        return {
          results: shown.map((hit) => resultAnswer(hit, found.lexemes)),
          nextCursor: next ? encodePosition(next, { isRespelled: respelled !== undefined }) : null,
          searchedTo: hasMore ? null : (found.goesOnAt?.receivedAt ?? null),
          respelled: respelled ? searchAsText(respelled) : null,
          notIndexed: await countPending(db, COUNTED_PENDING, reach),
        };
      },
    );
  };
}

function resultAnswer({ item, text, fileNames }: SearchHit, lexemes: readonly string[]) {
  return {
    item: itemAnswer(item),
    subject: [...markWords(item.subject, lexemes)],
    excerpt: [...excerpt(text, lexemes, EXCERPT_CHARACTERS)],
    fileNames: fileNames.map((name) => [...markWords(name, lexemes)]).filter((parts) => parts.some(({ hit }) => hit)),
  };
}

async function orRefuse(search: Promise<SearchHits>): Promise<SearchHits> {
  try {
    return await search;
  } catch (error) {
    if (!isStatementTimeout(error)) throw error;
    throw new Problem(
      'search-too-wide',
      'The search takes too long, because its words are in too many messages. Add a word, or choose a queue or a time.',
    );
  }
}

/** In the cursor of results that match another spelling: the pages after it do, too. */
const RESPELLED = 'respelled';

function encodePosition(
  { asOf, score, receivedAt, messageId, start }: SearchPosition,
  { isRespelled }: { readonly isRespelled: boolean },
): string {
  return encodeCursor(
    asOf.toISOString(),
    String(score),
    receivedAt.toISOString(),
    messageId,
    start?.receivedAt.toISOString() ?? '',
    start?.messageId ?? '',
    isRespelled ? RESPELLED : '',
  );
}

function decodePosition(cursor: string): { readonly after: SearchPosition; readonly isRespelled: boolean } {
  const isTime = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) && !Number.isNaN(Date.parse(text));
  const isScore = (text: string) => text !== '' && Number.isFinite(Number(text));
  const isId = (text: string) => Id.safeParse(text).success;
  const orNone = (accepts: (text: string) => boolean) => (text: string) => text === '' || accepts(text);
  const [asOf = '', score = '', receivedAt = '', messageId = '', startedAt = '', startId = '', spelling = ''] =
    decodeCursor(cursor, [
      isTime,
      isScore,
      isTime,
      isId,
      orNone(isTime),
      orNone(isId),
      orNone((text) => text === RESPELLED),
    ]);
  const start =
    startedAt === '' || startId === '' ? undefined : { receivedAt: new Date(startedAt), messageId: startId };
  const after = { asOf: new Date(asOf), score: Number(score), receivedAt: new Date(receivedAt), messageId, start };
  return { after, isRespelled: spelling === RESPELLED };
}
