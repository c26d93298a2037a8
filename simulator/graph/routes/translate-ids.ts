import type { GraphAnswer, GraphContext, MailboxCall } from '../graph-context.ts';
import { badRequest } from '../graph-error.ts';
import { immutableMessageId, messageId } from '../identifiers.ts';
import { readParameters } from './find-in-call.ts';

const MOST_IDS = 1_000;
const FORMS = ['restId', 'restImmutableEntryId'];

/** `POST /translateExchangeIds` between the two REST forms; the binary ones of MAPI are refused. */
export function translateIds({ messages }: GraphContext, call: MailboxCall): GraphAnswer {
  const [inputIds, targetIdType, sourceIdType] = readParameters(call.body, 'inputIds', 'targetIdType', 'sourceIdType');
  if (!Array.isArray(inputIds) || inputIds.length > MOST_IDS) throw badRequest('InputIds must hold 1 to 1000 ids.');
  if (!FORMS.includes(String(sourceIdType)) || !FORMS.includes(String(targetIdType))) {
    throw badRequest('The simulator translates between restId and restImmutableEntryId only.');
  }
  const value = inputIds.map((id) => {
    const message = messages.find(call.mailbox, String(id));
    if (!message) return { sourceId: id, errorDetails: { code: 'ErrorItemNotFound', message: 'Id is malformed.' } };
    const toId = targetIdType === 'restId' ? messageId : immutableMessageId;
    return { sourceId: id, targetId: toId(call.mailbox, message) };
  });
  const context = `${call.base}/$metadata#Collection(microsoft.graph.convertIdResult)`;
  return { status: 200, body: { '@odata.context': context, value } };
}
