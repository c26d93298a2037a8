import { setTimeout as wait } from 'node:timers/promises';
import { checkMailPermission } from './check-permission.ts';
import { findUserByKey } from './find-user-by-key.ts';
import type { GraphAnswer, GraphCall, GraphContext, MailboxCall } from './graph-context.ts';
import { badRequest, GraphError } from './graph-error.ts';
import { answerUser } from './routes/answer-users.ts';
import type { MailboxRoute } from './routes/mailbox-route.ts';
import { findMailboxRoute } from './routes/mailbox-routes.ts';
import { strikeAfter, strikeBefore } from './strike-before.ts';
import { findSubscriptionRoute } from './subscriptions/answer-subscriptions.ts';

/** Answers a request with a valid token, or throws a `GraphError`. */
export async function answerCall(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  const subscriptionRoute = findSubscriptionRoute(call.method, call.path.pattern);
  if (subscriptionRoute === 'unknown method') throw methodNotAllowed();
  if (subscriptionRoute !== 'unknown path') return subscriptionRoute(context, call);
  const below = /^(?:me|users\/\{id\})(?:\/(.+))?$/.exec(call.path.pattern);
  if (!below) throw unknownPath(call);
  if (below[1] === undefined) {
    if (call.method !== 'GET') throw methodNotAllowed();
    await strikeBefore(context.faults, { endpoint: call.endpoint, mailbox: addressOf(context, call) }, call.base);
    return answerUser(context, call);
  }
  const route = findMailboxRoute(call.method, below[1]);
  if (route === 'unknown path') throw unknownPath(call);
  if (route === 'unknown method') throw methodNotAllowed();
  const found = findMailbox(context, call);
  const isOwn = found.user.oid === call.claims.oid;
  const permission = checkMailPermission(call.claims, route.permission, isOwn, (name) =>
    context.exchangeRoles.holds(call.claims.clientId, name, found.user.oid),
  );
  const isReached = isOwn || call.claims.roles || context.mailboxes.isDelegate(found.user.oid, call.claims.oid);
  if (!isReached) throw notDelegated(below[1]);
  return inTurn(context, { ...call, ...found, ...permission }, route.answer);
}

/** Handles a mailbox request under its limits and faults. */
async function inTurn(context: GraphContext, call: MailboxCall, answer: MailboxRoute['answer']): Promise<GraphAnswer> {
  const { address } = call.mailbox;
  const leaveStats = context.stats.enterMailbox(address);
  try {
    const leave = context.throttle.enter(call.claims.clientId, call.mailbox.id);
    try {
      // Requests that arrive together are in flight together, even if each could be answered without waiting.
      const { latencyMs } = context.limits.current();
      await (latencyMs > 0 ? wait(latencyMs) : new Promise((resolve) => setImmediate(resolve)));
      const place = { endpoint: call.endpoint, mailbox: address };
      await strikeBefore(context.faults, place, call.base);
      const answered = await answer(context, call);
      await strikeAfter(context.faults, call.method, place);
      return context.faults.take('cut-json', place) ? { ...answered, isCut: true } : answered;
    } finally {
      leave();
    }
  } catch (error) {
    if (error instanceof GraphError && error.status === 429) context.stats.countThrottled(address);
    throw error;
  } finally {
    leaveStats();
  }
}

/**
 * A mailbox that is not shared with the user looks as if it had no folders: python-o365#170 shows the answer below a
 * folder, microsoft-graph-docs-contrib#4029 the one for the whole mailbox. Only a missing scope is "access denied".
 */
function notDelegated(path: string): GraphError {
  if (!path.startsWith('mailFolders')) {
    return new GraphError(404, 'ErrorFolderNotFound', 'The specified folder could not be found in the store.');
  }
  const message = 'The specified object was not found in the store., The process failed to get the correct properties.';
  return new GraphError(404, 'ErrorItemNotFound', message);
}

function findMailbox(
  context: GraphContext,
  call: GraphCall,
): Pick<MailboxCall, 'mailbox' | 'user' | 'root' | 'entity'> {
  const { claims, path } = call;
  const { userKey } = path;
  if (userKey === undefined) {
    if (claims.roles) throw badRequest('/me request is only valid with delegated authentication flow.');
    const user = context.directory.findUser(claims.oid);
    if (!user) throw invalidUser(claims.oid);
    return { user, mailbox: context.mailboxes.ensure(user), root: 'me', entity: `users('${user.oid}')` };
  }
  const user = findUserByKey(context.directory, userKey);
  if (!user || user.tenantId !== claims.tenantId) throw invalidUser(userKey);
  const root = `users('${encodeURIComponent(userKey)}')`;
  return { user, mailbox: context.mailboxes.ensure(user), root, entity: root };
}

function addressOf({ directory }: GraphContext, { path, claims }: GraphCall): string | undefined {
  return directory.findUser(path.userKey ?? claims.oid)?.address;
}

function invalidUser(key: string): GraphError {
  return new GraphError(404, 'ErrorInvalidUser', `The requested user '${key}' is invalid.`);
}

function unknownPath({ path }: GraphCall): GraphError {
  const last = path.pattern.split('/').findLast((part) => part !== '{id}') ?? '';
  return badRequest(`Resource not found for the segment '${last}'.`);
}

function methodNotAllowed(): GraphError {
  return new GraphError(405, 'ErrorInvalidRequest', 'The OData request is not supported.');
}
