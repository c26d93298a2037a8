import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { readSample, schemaProblems } from './graph-schema.ts';
import { ADDRESS, type GraphReply, type RequestOptions, type RunningGraph, startGraph } from './start-graph.ts';
import { type Receiver, startReceiver } from './start-receiver.ts';
import { aSubscription, inMinutes, subscribe } from './subscribe.ts';

const MINUTE_MS = 60_000;

describe('Subscriptions', () => {
  let running: RunningGraph;
  let receiver: Receiver;
  beforeEach(async () => {
    running = await startGraph();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await running.close();
    await receiver.close();
  });

  const keys = (body: object) => Object.keys(body).sort();
  const refusal = ({ status, body }: GraphReply) => [status, body.error?.code, body.error?.message];
  const create = (changes: object = {}, options: RequestOptions = {}) =>
    running.graph('POST', '/subscriptions', { ...options, body: aSubscription(receiver, changes) });

  it('look like a recorded one', async () => {
    const body = await subscribe(running, receiver);
    expect(keys(body)).toEqual(keys(readSample('subscription-created-201.json')));
    // In the recorded body, and not in the metadata.
    const { notificationContentType, ...described } = body;
    expect(schemaProblems('subscription', described)).toEqual([]);
    expect(body['@odata.context']).toBe(`${running.url}/v1.0/$metadata#subscriptions/$entity`);
    const [mailbox] = (await running.control('GET', '/mailboxes')).mailboxes;
    expect(body).toMatchObject({
      resource: `users/${mailbox.oid}/mailFolders('inbox')/messages`,
      creatorId: mailbox.oid,
      clientState: 'a secret of ours',
      changeType: 'created',
    });
  });

  it('begin with a handshake of both URLs', async () => {
    await subscribe(running, receiver);
    expect(receiver.validations).toHaveLength(2);
    for (const token of receiver.validations)
      expect(token).toMatch(/^Validation: Testing client application .+: [\da-f-]{36}$/);
    await subscribe(running, receiver, { changeType: 'updated', lifecycleNotificationUrl: null });
    expect(receiver.validations).toHaveLength(3);
    await subscribe(running, receiver, {
      changeType: 'deleted',
      notificationUrl: `${receiver.url}/same?of=both`,
      lifecycleNotificationUrl: `${receiver.url}/same?of=both`,
    });
    expect(receiver.validations).toHaveLength(5);
  });

  it('are refused where the handshake fails', async () => {
    const must = 'Notification endpoint must respond with 200 OK to validation request.';
    receiver.validate = (token, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(`${token}!`);
    expect(refusal(await create())).toEqual([
      400,
      'ValidationError',
      `Subscription validation request failed. ${must}`,
    ]);
    receiver.validate = (token, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(token);
    expect(refusal(await create())).toEqual([
      400,
      'ValidationError',
      `Subscription validation request failed. ${must}`,
    ]);
    receiver.validate = (token, response) => response.writeHead(401, { 'content-type': 'text/plain' }).end(token);
    expect(refusal(await create())).toEqual([
      400,
      'ValidationError',
      `Subscription validation request failed. HTTP status code is '401'. ${must}`,
    ]);
    await running.control('PUT', '/limits', { validationTimeoutMs: 100 });
    receiver.validate = () => undefined;
    const timedOut = [400, 'InvalidRequest', 'Subscription validation request timed out.'];
    expect(refusal(await create())).toEqual(timedOut);
    expect(refusal(await create({ notificationUrl: 'http://localhost:1/nobody' }))).toEqual(timedOut);
    expect((await running.control('GET', '/subscriptions')).subscriptions).toEqual([]);
  });

  it('time out without a request where a fault wants it, on creation, renewal and reauthorization', async () => {
    await running.control('POST', '/faults', { kind: 'validation-timeout', count: 1 });
    const timedOut = [400, 'InvalidRequest', 'Subscription validation request timed out.'];
    expect(refusal(await create())).toEqual(timedOut);
    expect(receiver.validations).toEqual([]);
    const { id } = await subscribe(running, receiver);
    await running.control('POST', '/faults', { kind: 'validation-timeout', count: 2 });
    const body = { expirationDateTime: inMinutes(2_000) };
    expect(refusal(await running.graph('PATCH', `/subscriptions/${id}`, { body }))).toEqual(timedOut);
    expect(refusal(await running.graph('POST', `/subscriptions/${id}/reauthorize`))).toEqual(timedOut);
    expect((await running.graph('PATCH', `/subscriptions/${id}`, { body })).status).toBe(200);
  });

  it('live 45 minutes at least and as long as the limit at most, which the refusal names', async () => {
    const short = await subscribe(running, receiver, { expirationDateTime: inMinutes(1) });
    expect(Date.parse(short.expirationDateTime) - Date.now()).toBeGreaterThan(44 * MINUTE_MS);
    expect(refusal(await create({ expirationDateTime: inMinutes(10_080) }))).toEqual([
      400,
      'ExtensionError',
      'Subscription expiration can only be 10070 minutes in the future.',
    ]);
    await running.control('PUT', '/limits', { subscriptionMostMinutes: 4_230 });
    const renewed = await running.graph('PATCH', `/subscriptions/${short.id}`, {
      body: { expirationDateTime: inMinutes(5_000) },
    });
    expect(refusal(renewed)).toEqual([
      400,
      'ErrorInvalidParameter',
      'Subscription expiration can only be 4230 minutes in the future.',
    ]);
  });

  it('are renewed, reauthorized, listed and deleted by who made them', async () => {
    const { id } = await subscribe(running, receiver);
    const renewed = await running.graph('PATCH', `/subscriptions/${id}`, {
      body: { expirationDateTime: inMinutes(2_000) },
    });
    expect(renewed.status).toBe(200);
    expect(Date.parse(renewed.body.expirationDateTime) - Date.now()).toBeGreaterThan(1_999 * MINUTE_MS);
    expect((await running.graph('POST', `/subscriptions('${id}')/reauthorize`)).status).toBe(204);
    expect((await running.graph('GET', `/subscriptions/${id}`)).body.id).toBe(id);
    const list = await running.graph('GET', '/subscriptions');
    expect(list.body.value).toMatchObject([{ id }]);
    expect(keys(list.body)).toEqual(keys(readSample('subscription-list.json')));

    const stranger = { token: await running.tokenFor('support@contoso.example') };
    expect((await running.graph('GET', '/subscriptions', stranger)).body.value).toEqual([]);
    expect(refusal(await running.graph('DELETE', `/subscriptions/${id}`, stranger)).slice(0, 2)).toEqual([
      404,
      'ResourceNotFound',
    ]);
    expect((await running.graph('DELETE', `/subscriptions/${id}`)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { body: { expirationDateTime: inMinutes(100) } } : {};
      expect(refusal(await running.graph(method, `/subscriptions/${id}`, body)).slice(0, 2)).toEqual([
        404,
        'ResourceNotFound',
      ]);
    }
  });

  it('move to another URL only where it answers the handshake', async () => {
    const { id } = await subscribe(running, receiver);
    const path = `/subscriptions/${id}`;
    const nowhere = await running.graph('PATCH', path, { body: { notificationUrl: 'http://localhost:1/nobody' } });
    expect(nowhere.status).toBe(400);
    const moved = await running.graph('PATCH', path, { body: { notificationUrl: `${receiver.url}/other` } });
    expect(moved.body.notificationUrl).toBe(`${receiver.url}/other`);
    expect((await running.graph('PATCH', path, { body: { clientState: 'other' } })).status).toBe(400);
  });

  it('are listed page by page', async () => {
    await running.control('PUT', '/limits', { duplicateSubscriptionsRefused: false });
    for (let made = 0; made < 101; made += 1) await subscribe(running, receiver, { lifecycleNotificationUrl: null });
    const first = await running.graph('GET', '/subscriptions');
    const second = await running.graph('GET', first.body['@odata.nextLink']);
    expect([...first.body.value, ...second.body.value]).toHaveLength(101);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });

  it('end, and then are gone', async () => {
    await running.control('PUT', '/limits', { subscriptionLeastMinutes: 0 });
    const { id } = await subscribe(running, receiver, {
      expirationDateTime: new Date(Date.now() + 1_500).toISOString(),
    });
    await eventually(async () => expect((await running.graph('GET', `/subscriptions/${id}`)).status).toBe(404));
  });

  it('refuse the same again, unless told otherwise, and more than the mailbox takes', async () => {
    const { id } = await subscribe(running, receiver);
    expect(refusal(await create()).slice(0, 2)).toEqual([409, 'Conflict']);
    await subscribe(running, receiver, { changeType: 'created,updated' });
    await running.control('PUT', '/limits', { duplicateSubscriptionsRefused: false, subscriptionsPerMailbox: 3 });
    await subscribe(running, receiver);
    const [status, code, message] = refusal(await create());
    expect([status, code]).toEqual([403, 'ExtensionError']);
    expect(message).toContain('Status Code: Forbidden');
    await running.graph('DELETE', `/subscriptions/${id}`);
    await subscribe(running, receiver);
  });

  it.each([
    [{ changeType: 'created,opened' }, 400, 'InvalidRequest'],
    [{ changeType: '' }, 400, 'InvalidRequest'],
    [{ clientState: 'x'.repeat(129) }, 400, 'InvalidRequest'],
    [{ expirationDateTime: 'soon' }, 400, 'InvalidRequest'],
    [{ expirationDateTime: '2020-01-01T00:00:00Z' }, 400, 'InvalidRequest'],
    [{ notificationUrl: 'http://mailroom.example/notify' }, 400, 'InvalidRequest'],
    [{ notificationUrl: 'notify' }, 400, 'InvalidRequest'],
    [{ resource: 'me/events' }, 400, 'BadRequest'],
    [{ resource: 'me/mailFolders' }, 400, 'InvalidRequest'],
    [{ resource: 'me/messages?$filter=isRead eq maybe' }, 400, 'ErrorInvalidUrlQueryFilter'],
    [{ resource: `me/mailFolders('nowhere')/messages` }, 404, 'ExtensionError'],
    [{ resource: 'users/nobody@fabrikam.example/messages' }, 404, 'ExtensionError'],
    [{ includeResourceData: true }, 400, 'InvalidRequest'],
  ])('refuse %j', async (changes, status, code) => {
    expect(refusal(await create(changes)).slice(0, 2)).toEqual([status, code]);
  });

  it('take the forms in which resources are written', async () => {
    await running.control('POST', '/mailboxes', { address: ADDRESS });
    const [{ oid }] = (await running.control('GET', '/mailboxes')).mailboxes;
    const forms = {
      '/me/messages': `users/${oid}/messages`,
      'me/mailFolders/inbox/messages?$filter=isRead eq false': `users/${oid}/mailFolders('inbox')/messages?$filter=isRead eq false`,
      [`users/${ADDRESS}/messages?$filter=isRead eq true`]: `users/${oid}/messages?$filter=isRead eq true`,
      [`Users('${oid}')/mailfolders('archive')/messages`]: `users/${oid}/mailFolders('archive')/messages`,
    };
    for (const [resource, stored] of Object.entries(forms)) {
      expect((await subscribe(running, receiver, { resource })).resource).toBe(stored);
    }
  });

  it('need a permission to read mail, and reach only the own mailbox of a delegated token', async () => {
    const without = { token: await running.tokenFor(ADDRESS, { scope: 'User.Read' }) };
    const denied = refusal(await create({}, without));
    expect(denied.slice(0, 2)).toEqual([403, 'ExtensionError']);
    expect(denied[2]).toBe(
      'Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied. Check credentials and try again.]',
    );
    await running.control('POST', '/mailboxes', { address: 'support@contoso.example' });
    const others = refusal(await create({ resource: 'users/support@contoso.example/messages' }));
    expect(others.slice(0, 2)).toEqual([403, 'ExtensionError']);
  });

  it.each([
    ['unsupported', 404, 'Status Code: NotFound; Reason: REST API is not yet supported for this mailbox.'],
    ['stale', 503, 'Status Code: ServiceUnavailable; Reason: Mailbox info is stale.'],
    ['quarantined', 500, 'Status Code: InternalServerError; Reason: Request has been quarantined by condition.'],
    ['canceled', 500, 'A task was canceled.'],
  ])('tell in a wrapper that the mailbox is %s', async (reason, status, inner) => {
    await running.control('POST', '/faults', { kind: 'subscription-error', reason, mailbox: ADDRESS });
    expect(refusal(await create())).toEqual([status, 'ExtensionError', `Operation: Create; Exception: [${inner}]`]);
    const other = { token: await running.tokenFor('support@contoso.example') };
    expect((await create({}, other)).status).toBe(201);
  });

  it('meet the faults of requests', async () => {
    await running.control('POST', '/faults', {
      kind: 'throttle',
      endpoint: 'POST /v1.0/subscriptions',
      retryAfterSeconds: 7,
    });
    const reply = await create();
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await running.graph('DELETE', `/subscriptions/${randomUUID()}`)).status).toBe(404);
  });

  it('vanish without a word where control wants it', async () => {
    const { id } = await subscribe(running, receiver);
    await running.control('DELETE', `/subscriptions/${id}`);
    expect((await running.graph('PATCH', `/subscriptions/${id}`, { body: {} })).status).toBe(404);
    expect(receiver.entries).toEqual([]);
  });
});
