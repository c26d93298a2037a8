import type { AnswerKind } from './answers-query.ts';

/** One key for each kind, while no field has the keyboard. */
export const answerKeys: Readonly<Record<AnswerKind, string>> = { reply: 'r', 'reply-all': 'a', forward: 'f' };
