import { queryOptions } from '@tanstack/react-query';
import { api, type Schemas, take } from '../api/client.ts';
import { askAgainEvery } from '../shell/live-changes.ts';

export type Answer = Schemas['Answer'];
export type Draft = Schemas['Draft'];
export type AnswerKind = 'reply' | 'reply-all' | 'forward';

/** In the order of their buttons. */
export const answerKinds: readonly AnswerKind[] = ['reply', 'reply-all', 'forward'];

export const ANSWERS = ['answers'] as const;
export const CANNED = ['canned-answers'] as const;

/** The drafts and answers of an item, and whether its mailbox can send. */
export const itemAnswersQuery = (itemId: string) =>
  queryOptions({
    queryKey: [...ANSWERS, 'item', itemId],
    queryFn: ({ signal }) => take(api.GET('/api/v1/items/{id}/answers', { signal, params: { path: { id: itemId } } })),
    refetchInterval: askAgainEvery(),
  });

/** A draft of one's own, with its text and attachments. */
export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: [...ANSWERS, 'draft', id],
    queryFn: ({ signal }) => take(api.GET('/api/v1/drafts/{id}', { signal, params: { path: { id } } })),
    refetchInterval: askAgainEvery(),
  });

/** One's own answers that are on their way, or need a decision. */
export const outboxQuery = queryOptions({
  queryKey: [...ANSWERS, 'outbox'],
  queryFn: async ({ signal }) => {
    const query = { state: 'scheduled,sending,failed,unknown', mine: 'true' } as const;
    return (await take(api.GET('/api/v1/answers', { signal, params: { query } }))).answers;
  },
  refetchInterval: askAgainEvery(),
});

/** Canned answers; `itemId`: with their placeholders filled for it. */
export const cannedQuery = (itemId?: string) =>
  queryOptions({
    queryKey: [...CANNED, itemId ?? ''],
    queryFn: async ({ signal }) => {
      const query = itemId === undefined ? {} : { item: itemId };
      return (await take(api.GET('/api/v1/canned-answers', { signal, params: { query } }))).cannedAnswers;
    },
  });
