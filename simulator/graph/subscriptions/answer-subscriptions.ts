import { randomUUID } from 'node:crypto';
import { checkMailPermission } from '../check-permission.ts';
import type { Mailbox } from '../create-mailboxes.ts';
import { findUserByKey } from '../find-user-by-key.ts';
import type { GraphAnswer, GraphCall, GraphContext } from '../graph-context.ts';
import { badRequest, GraphError } from '../graph-error.ts';
import { checkIsObject } from '../routes/find-in-call.ts';
import { strikeBefore } from '../strike-before.ts';
import type { LiveSubscription } from './create-subscriptions.ts';
import { type ParsedResource, parseExpiration, parseNotificationUrl, parseSubscription } from './parse-subscription.ts';
import { renderSubscription } from './render-subscription.ts';
import type { Subscription } from './subscription.ts';
import { invalidRequest, subscriptionNotFound, wrappedError, wrappedRefusal } from './subscription-error.ts';
import { validateEndpoints } from './validate-endpoint.ts';

type Answer = (context: GraphContext, call: GraphCall) => GraphAnswer | Promise<GraphAnswer>;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  subscriptions: { POST: createSubscription, GET: listSubscriptions },
  'subscriptions/{id}': { GET: getSubscription, PATCH: changeSubscription, DELETE: deleteSubscription },
  'subscriptions/{id}/reauthorize': { POST: reauthorizeSubscription },
};

/** Answers a request below `/subscriptions`. */
export function findSubscriptionRoute(method: string, pattern: string): Answer | 'unknown path' | 'unknown method' {
  const methods = ROUTES[pattern];
  return methods === undefined ? 'unknown path' : (methods[method] ?? 'unknown method');
}

async function createSubscription(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  const { claims, prefer } = call;
  const asked = parseSubscription(call.body, context.limits.current(), Date.now());
  const target = findTarget(context, call, asked.resource);
  const place = { endpoint: call.endpoint, mailbox: target.mailbox.address };
  await strikeBefore(context.faults, place, call.base);
  const { lifecycleNotificationUrl } = asked;
  const resource = `users/${target.mailbox.oid}${target.folderPath}/messages${asked.resource.query}`;
  // Checked before the handshake, so that two concurrent requests both succeed, as with Graph
  // (microsoft-graph-docs-contrib#9039).
  checkIsNew(context, claims.clientId, resource, asked.changeType, target.mailbox);
  const urls = [asked.notificationUrl, lifecycleNotificationUrl].filter((url) => url !== null);
  await validateEndpoints(context, place, urls);
  const { isAllowed, notifies } = checkTarget(context, call, target.mailbox);
  const fault = context.faults.take('subscription-error', place);
  if (fault) throw wrappedError(fault.reason ?? 'unsupported');
  if (!isAllowed) throw wrappedError('forbidden');
  const subscription: Subscription = {
    id: randomUUID(),
    mailboxId: target.mailbox.id,
    mailbox: target.mailbox.address,
    tenantId: claims.tenantId,
    clientId: claims.clientId,
    creatorOid: claims.oid,
    resource,
    folderNumber: findFolderNumber(context, target.mailbox, asked.resource.folderKey),
    filter: asked.resource.filter,
    changeType: asked.changeType,
    notificationUrl: asked.notificationUrl,
    lifecycleNotificationUrl,
    clientState: asked.clientState,
    latestSupportedTlsVersion: asked.latestSupportedTlsVersion,
    hasImmutableIds: prefer.immutableIds,
    notifies,
    expiresAt: asked.expiresAt,
    generation: generationOf(context, call),
    pausedAt: null,
    remindedOf: null,
  };
  context.subscriptions.add(subscription);
  return oneAnswer(call, 201, subscription);
}

/** The app's own subscriptions; under a delegated token only those that its user created. */
function listSubscriptions(context: GraphContext, call: GraphCall): GraphAnswer {
  const from = Number(call.query.skipToken ?? 0);
  if (!Number.isInteger(from) || from < 0) throw badRequest('Invalid skip token.');
  const all = context.subscriptions.list().filter((subscription) => isOwn(call, subscription));
  const hasMore = all.length > from + PAGE_SIZE;
  return {
    status: 200,
    body: {
      '@odata.context': `${call.base}/$metadata#subscriptions`,
      ...(hasMore ? { '@odata.nextLink': `${call.base}/subscriptions?$skiptoken=${from + PAGE_SIZE}` } : {}),
      value: all.slice(from, from + PAGE_SIZE).map(renderSubscription),
    },
  };
}

const PAGE_SIZE = 100;

async function getSubscription(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  return oneAnswer(call, 200, await getOwn(context, call));
}

/** Renews: extends the life, and authorizes with the token of the request. A new URL must pass validation first. */
async function changeSubscription(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  const { id, mailbox } = await getOwn(context, call);
  const { expirationDateTime, notificationUrl, ...others } = checkIsObject(call.body);
  const [unknown] = Object.keys(others).filter((name) => !name.startsWith('@'));
  if (unknown !== undefined) throw invalidRequest(`The property '${unknown}' of a subscription cannot be changed.`);
  const expiresAt =
    expirationDateTime === undefined
      ? undefined
      : parseExpiration(expirationDateTime, context.limits.current(), Date.now(), 'ErrorInvalidParameter');
  const url = notificationUrl === undefined ? undefined : parseNotificationUrl('NotificationUrl', notificationUrl);
  const place = { endpoint: call.endpoint, mailbox };
  await validateEndpoints(context, place, url === undefined ? [] : [url]);
  const fault = context.faults.take('subscription-error', place);
  if (fault) throw wrappedError(fault.reason ?? 'unsupported', 'Update');
  reauthorize(context, call, id, {
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(url === undefined ? {} : { notificationUrl: url }),
  });
  return oneAnswer(call, 200, context.subscriptions.find(id) ?? notFound());
}

async function deleteSubscription(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  context.subscriptions.remove((await getOwn(context, call)).id);
  return { status: 204 };
}

async function reauthorizeSubscription(context: GraphContext, call: GraphCall): Promise<GraphAnswer> {
  const { id, mailbox } = await getOwn(context, call);
  await validateEndpoints(context, { endpoint: call.endpoint, mailbox }, []);
  reauthorize(context, call, id, {});
  return { status: 204 };
}

function reauthorize(context: GraphContext, call: GraphCall, id: string, changes: Partial<Subscription>): void {
  if (!context.subscriptions.find(id)) throw subscriptionNotFound();
  context.subscriptions.change(id, { ...changes, generation: generationOf(context, call), pausedAt: null });
  context.notifier.resume(id);
}

async function getOwn(context: GraphContext, call: GraphCall): Promise<LiveSubscription> {
  const found = context.subscriptions.find(call.path.keys[0] ?? '');
  await strikeBefore(context.faults, { endpoint: call.endpoint, mailbox: found?.mailbox }, call.base);
  return found && isOwn(call, found) ? found : notFound();
}

function notFound(): never {
  throw subscriptionNotFound();
}

function isOwn({ claims }: GraphCall, { clientId, creatorOid, tenantId }: Subscription): boolean {
  const isOfApp = clientId === claims.clientId && tenantId === claims.tenantId;
  return isOfApp && (claims.roles !== undefined || creatorOid === claims.oid);
}

function oneAnswer({ base }: GraphCall, status: number, subscription: Subscription): GraphAnswer {
  const context = `${base}/$metadata#subscriptions/$entity`;
  return { status, body: { '@odata.context': context, ...renderSubscription(subscription) } };
}

function findTarget(
  context: GraphContext,
  { claims }: GraphCall,
  { userKey, folderKey }: ParsedResource,
): { mailbox: Mailbox; folderPath: string } {
  if (userKey === undefined && claims.roles) {
    throw badRequest('/me request is only valid with delegated authentication flow.');
  }
  const user = findUserByKey(context.directory, userKey ?? claims.oid);
  if (!user || user.tenantId !== claims.tenantId) throw wrappedRefusal(404, 'NotFound', 'User not found.');
  const folderPath = folderKey === null ? '' : `/mailFolders('${folderKey}')`;
  return { mailbox: context.mailboxes.ensure(user), folderPath };
}

/**
 * A delegated token covers its user's own mailbox. For a shared mailbox the subscription is accepted, because the
 * `.Shared` mail scopes reach it, but no changes are sent (learn.microsoft.com/graph/outlook-share-messages-folders).
 */
function checkTarget(
  context: GraphContext,
  { claims }: GraphCall,
  mailbox: Mailbox,
): { isAllowed: boolean; notifies: boolean } {
  const isOwnMailbox = mailbox.oid === claims.oid;
  const isReached = isOwnMailbox || claims.roles !== undefined || context.mailboxes.isDelegate(mailbox.oid, claims.oid);
  try {
    const holdsRole = (name: string) => context.exchangeRoles.holds(claims.clientId, name, mailbox.oid);
    checkMailPermission(claims, 'basic', isOwnMailbox, holdsRole);
  } catch (error) {
    if (error instanceof GraphError) return { isAllowed: false, notifies: false };
    throw error;
  }
  return { isAllowed: isReached, notifies: isOwnMailbox || claims.roles !== undefined };
}

function checkIsNew(
  context: GraphContext,
  clientId: string,
  resource: string,
  changeType: string,
  mailbox: Mailbox,
): void {
  const { duplicateSubscriptionsRefused, subscriptionsPerMailbox } = context.limits.current();
  const others = context.subscriptions.ofMailbox(mailbox.id);
  const twin = others.find(
    (other) => other.clientId === clientId && other.resource === resource && other.changeType === changeType,
  );
  if (twin && duplicateSubscriptionsRefused) {
    const message = `Subscription Id ${twin.id} already exists for the requested combination.`;
    throw new GraphError(409, 'Conflict', message);
  }
  if (others.length >= subscriptionsPerMailbox) {
    const reason = `The mailbox has ${subscriptionsPerMailbox} subscriptions, and may have no more.`;
    throw wrappedRefusal(403, 'Forbidden', reason);
  }
}

function findFolderNumber({ folders }: GraphContext, mailbox: Mailbox, key: string | null): number | null {
  if (key === null) return null;
  const folder = folders.find(mailbox, key);
  if (!folder) throw wrappedRefusal(404, 'NotFound', 'The specified folder could not be found in the store.');
  return folder.number;
}

function generationOf({ directory }: GraphContext, { claims }: GraphCall): number | null {
  return claims.roles ? null : (directory.findUser(claims.oid)?.generation ?? null);
}
