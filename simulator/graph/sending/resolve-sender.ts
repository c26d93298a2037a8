import type { DirectoryUser } from '../../entra/contract.ts';
import type { MailAddress } from '../../mail/received-mail.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { GraphError } from '../graph-error.ts';

/** The author of a mail, and who sends it: two where it is sent on behalf of a mailbox. */
export interface Sender {
  readonly from: MailAddress;
  readonly sender: MailAddress;
}

/**
 * Who sends a mail of the call's mailbox. Throws 403 `ErrorSendAsDenied` unless the person signed in may send from the
 * address (learn.microsoft.com/graph/outlook-send-mail-from-other-user).
 */
export function resolveSender(
  { directory, sendRights }: Pick<GraphContext, 'directory' | 'sendRights'>,
  { claims, user: owner }: Pick<MailboxCall, 'claims' | 'user'>,
  from: MailAddress | null,
): Sender {
  const author = directory.findUser(from?.address || owner.address);
  if (author?.tenantId !== claims.tenantId) throw sendAsDenied();
  if (claims.roles) {
    if (author.oid !== owner.oid) throw sendAsDenied();
    return both(author);
  }
  if (author.oid === claims.oid) return both(author);
  const person = directory.findUser(claims.oid);
  const right = sendRights.find(author.oid, claims.oid);
  if (!claims.scopes.includes('Mail.Send.Shared') || right === 'none' || !person) throw sendAsDenied();
  return right === 'as' ? both(author) : { from: addressOf(author), sender: addressOf(person) };
}

function both(user: DirectoryUser): Sender {
  return { from: addressOf(user), sender: addressOf(user) };
}

function addressOf({ displayName, address }: DirectoryUser): MailAddress {
  return { name: displayName, address };
}

function sendAsDenied(): GraphError {
  const text =
    'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account., Cannot submit message.';
  return new GraphError(403, 'ErrorSendAsDenied', text);
}
