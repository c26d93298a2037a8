import type { MailAddress, ReceivedMail } from '../../mail/received-mail.ts';
import { GraphError } from '../graph-error.ts';
import type { Limits } from '../limits.ts';

/** Of the many addresses that RFC 5321 allows, those that Exchange resolves. */
const ADDRESS = /^[^\s@<>(),;:"\\[\]]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/**
 * All recipients of a mail, each once. Throws 400 without any, for one that is no address, and for too many.
 */
export function checkRecipients({ to, cc, bcc }: ReceivedMail, limits: Limits): MailAddress[] {
  const all = [...to, ...cc, ...bcc];
  if (all.length === 0) throw invalid("A message can't be sent because it contains no recipients.");
  if (!all.every(({ address }) => ADDRESS.test(address))) throw invalid('Recipients could not be resolved.');
  const each = new Map(all.map((recipient) => [recipient.address.toLowerCase(), recipient]));
  if (each.size > limits.recipientsPerMessage) {
    const text = `The message has more than ${limits.recipientsPerMessage} recipients., Cannot submit message.`;
    throw new GraphError(400, 'ErrorExceededMaxRecipientLimit', text);
  }
  return [...each.values()];
}

function invalid(reason: string): GraphError {
  return new GraphError(400, 'ErrorInvalidRecipients', `At least one recipient is not valid., ${reason}`);
}
