import type { AnswerKind } from '../drafts/answer-of.ts';
import { createDraft } from '../drafts/create-draft.ts';
import { readAnswer } from '../drafts/read-answer.ts';
import { readNewMessage } from '../drafts/read-new-message.ts';
import { checkQuota } from '../drafts/strike-writing.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { messageAnswer } from './answer-messages.ts';
import { getFolder, getMessage } from './find-in-call.ts';
import type { MailboxRoute } from './mailbox-route.ts';

/** `POST …/messages`: a draft, in Drafts or in the folder of the path. */
export const createMessage: MailboxRoute['answer'] = async (context, call) => {
  checkQuota(context.faults, call);
  const folder = getFolder(context, call, call.path.keys[0] ?? 'drafts');
  const message = createDraft(context, call, folder, await readNewMessage(call.body));
  return messageAnswer(context, call, 201, message);
};

/** `POST …/createReply`, `createReplyAll` and `createForward`. */
export function createAnswer(kind: AnswerKind): MailboxRoute['answer'] {
  return async (context, call) => {
    checkQuota(context.faults, call);
    return messageAnswer(context, call, 201, await draftAnswer(context, call, kind));
  };
}

/** The draft of an answer, in Drafts. */
export async function draftAnswer(context: GraphContext, call: MailboxCall, kind: AnswerKind) {
  const answer = await readAnswer(context, call, kind, getMessage(context, call));
  return createDraft(context, call, getFolder(context, call, 'drafts'), answer);
}
