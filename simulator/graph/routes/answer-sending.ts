import type { AnswerKind } from '../drafts/answer-of.ts';
import { createDraft } from '../drafts/create-draft.ts';
import { readJsonDraft, readMimeDraft } from '../drafts/read-new-message.ts';
import { checkQuota } from '../drafts/strike-writing.ts';
import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError, itemNotFound } from '../graph-error.ts';
import { submitMail } from '../sending/submit-mail.ts';
import type { StoredMessage } from '../stored-message.ts';
import { draftAnswer } from './answer-drafts.ts';
import { checkIsObject, getFolder, getMessage, readParameters } from './find-in-call.ts';
import type { MailboxRoute } from './mailbox-route.ts';

/** Accepted for sending: what becomes of it is not known yet (learn.microsoft.com/graph/outlook-things-to-know-about-send-mail). */
const ACCEPTED: GraphAnswer = { status: 202 };

/** `POST …/messages/{id}/send`. */
export const sendDraft: MailboxRoute['answer'] = async (context, call) => {
  checkQuota(context.faults, call);
  const message = getMessage(context, call);
  // Exchange, too, no longer finds a draft under the id that it had before it was sent.
  if (message.content.isDraft !== true) throw itemNotFound();
  await submitMail(context, call, message, true);
  return ACCEPTED;
};

/** `POST …/sendMail`: `{ message, saveToSentItems }`, or MIME in base64. */
export const sendMail: MailboxRoute['answer'] = async (context, call) => {
  checkQuota(context.faults, call);
  const isMime = typeof call.body === 'string';
  const [given, saves] = isMime ? [] : readParameters(call.body, 'message', 'saveToSentItems');
  if (!isMime && given === undefined) throw missingMessage();
  const isSaved = readFlag(saves ?? true);
  const draft = isMime ? await readMimeDraft(String(call.body)) : await readJsonDraft(checkIsObject(given));
  const message = createDraft(context, call, getFolder(context, call, 'drafts'), draft);
  await submitOrForget(context, call, message, isSaved);
  return ACCEPTED;
};

/** `POST …/reply`, `replyAll` and `forward`: an answer in one step. */
export function sendAnswer(kind: AnswerKind): MailboxRoute['answer'] {
  return async (context, call) => {
    checkQuota(context.faults, call);
    await submitOrForget(context, call, await draftAnswer(context, call, kind), true);
    return ACCEPTED;
  };
}

/** A mail that is refused leaves no draft behind where the client made none. */
async function submitOrForget(
  context: GraphContext,
  call: MailboxCall,
  message: StoredMessage,
  isSaved: boolean,
): Promise<void> {
  try {
    await submitMail(context, call, message, isSaved);
  } catch (error) {
    if (error instanceof GraphError) context.messages.remove(call.mailbox, message);
    throw error;
  }
}

/**
 * Graph's own example has `"saveToSentItems": "false"`: OData takes a boolean in quotes, and no other text
 * (microsoft-graph-docs#12816).
 */
function readFlag(value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  const message = `Cannot convert the literal '${String(value)}' to the expected type 'Edm.Boolean'.`;
  throw new GraphError(400, 'RequestBodyRead', message);
}

function missingMessage(): GraphError {
  return new GraphError(400, 'ErrorInvalidRequest', "The property 'Message' is required.");
}
