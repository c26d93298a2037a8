import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaProblems } from './graph-schema.ts';
import { ADDRESS, type Delivered, type RunningGraph, startGraph } from './start-graph.ts';

describe('Refusals of Graph', () => {
  let running: RunningGraph;
  let message: Delivered;
  beforeAll(async () => {
    running = await startGraph();
    message = await running.deliver({ subject: 'Here' });
  });
  afterAll(() => running.close());

  const refusal = async (method: string, path: string, options = {}) => {
    const { status, body, headers } = await running.graph(method, path, options);
    expect(schemaProblems('publicError', withoutInner(body.error))).toEqual([]);
    expect(body.error.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      'request-id': headers.get('request-id'),
      'client-request-id': headers.get('client-request-id'),
    });
    return [status, body.error.code];
  };
  const withoutInner = ({ innerError, ...error }: Record<string, unknown>) => error;

  it('name the code that Microsoft gives', async () => {
    const other = await startGraph();
    const foreign = await other.deliver({ subject: 'Elsewhere' });
    await other.close();
    const cases = [
      ['GET', '/me/messages/nonsense', 400, 'ErrorInvalidIdMalformed'],
      ['GET', `/me/messages/${message.id.toLowerCase()}`, 400, 'ErrorInvalidIdMalformed'],
      ['GET', `/me/messages/${foreign.id}`, 404, 'ErrorItemNotFound'],
      ['GET', `/me/messages/${foreign.immutableId}`, 404, 'ErrorItemNotFound'],
      ['GET', '/me/mailFolders/nonsense/messages', 400, 'ErrorInvalidIdMalformed'],
      ['GET', '/me/mailFolders/clutter', 404, 'ErrorItemNotFound'],
      ['GET', `/me/mailFolders/archive/messages/${message.id}`, 404, 'ErrorItemNotFound'],
      ['GET', `/me/messages/${message.id}/attachments/nonsense`, 404, 'ErrorItemNotFound'],
      ['GET', '/me/nonsense', 400, 'BadRequest'],
      ['GET', '/nonsense', 400, 'BadRequest'],
      ['PUT', '/me/messages', 405, 'ErrorInvalidRequest'],
      ['GET', '/me/messages?$select=nonsense', 400, 'RequestBroker--ParseUri'],
      ['GET', '/me/messages?$filter=nonsense', 400, 'ErrorInvalidUrlQueryFilter'],
      ['GET', '/me/messages?$filter=receivedDateTime ge yesterday', 400, 'ErrorInvalidUrlQueryFilter'],
      ['GET', '/me/messages?$filter=isRead eq false&$orderby=receivedDateTime', 400, 'InefficientFilter'],
      ['GET', '/me/messages?$top=0', 400, 'BadRequest'],
      ['GET', '/me/messages?$expand=nonsense', 400, 'BadRequest'],
      ['GET', '/users/nobody@contoso.example/messages', 404, 'ErrorInvalidUser'],
    ] as const;
    for (const [method, path, status, code] of cases) {
      expect(await refusal(method, path), path).toEqual([status, code]);
    }
  });

  it('mind the case of ids', async () => {
    // Turn one letter around: still base64, another id.
    const at = message.immutableId.search(/[a-z][^a-z]*$/);
    const swapped = `${message.immutableId.slice(0, at)}${message.immutableId[at]?.toUpperCase()}${message.immutableId.slice(at + 1)}`;
    expect((await refusal('GET', `/me/messages/${swapped}`))[0]).toBe(404);
  });

  it('let nobody change what was received, nor with an old change key', async () => {
    const path = `/me/messages/${message.id}`;
    expect(await refusal('PATCH', path, { body: { subject: 'Other' } })).toEqual([400, 'ErrorInvalidPropertySet']);
    expect(await refusal('PATCH', path, { body: { isRead: 'yes' } })).toEqual([400, 'ErrorInvalidRequest']);
    expect(await refusal('PATCH', path, { body: [] })).toEqual([400, 'UnableToDeserializePostBody']);
    const { body } = await running.graph('GET', path);
    const headers = { 'if-match': body['@odata.etag'] };
    const updated = await running.graph('PATCH', path, { body: { isRead: true, categories: ['Red'] }, headers });
    expect(updated.body).toMatchObject({ isRead: true, categories: ['Red'] });
    expect(updated.body.changeKey).not.toBe(body.changeKey);
    expect(await refusal('PATCH', path, { body: { isRead: false }, headers })).toEqual([
      412,
      'ErrorIrresolvableConflict',
    ]);
  });

  it('refuse a body that is no JSON, and one above 4 MB', async () => {
    const token = await running.tokenFor(ADDRESS);
    const post = (body: string) =>
      fetch(`${running.url}/v1.0/me/messages/${message.id}/move`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
    expect((await post('{')).status).toBe(400);
    const large = await post(JSON.stringify({ destinationId: 'x'.repeat(5_000_000) }));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: { message: 'The maximum request length supported is 4MB.' } });
  });

  it('answer 401 in words, and with a challenge only where the client can meet one', async () => {
    const without = await running.graph('GET', '/me', { token: null });
    expect([without.status, without.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(without.headers.get('www-authenticate')).toMatch(/^Bearer realm=""/);
    expect((await running.graph('GET', '/me', { token: 'not.a.token' })).status).toBe(401);

    const address = 'revoked@contoso.example';
    const plain = await running.tokenFor(address);
    const capable = await running.tokenFor(address, { capabilities: ['cp1'] });
    await running.control('POST', '/tokens/revoke', { address, reason: 'session-revoked' });
    expect((await running.graph('GET', '/me/messages', { token: plain })).status).toBe(200);
    const challenged = await running.graph('GET', '/me/messages', { token: capable });
    expect(challenged.status).toBe(401);
    expect(challenged.body.error.message).toContain('TokenIssuedBeforeRevocationTimestamp');
    const header = challenged.headers.get('www-authenticate') ?? '';
    expect(header).toContain('error="insufficient_claims"');
    const claims = JSON.parse(Buffer.from(/claims="([^"]+)"/.exec(header)?.[1] ?? '', 'base64').toString());
    expect(claims.access_token.nbf).toEqual({ essential: true, value: expect.stringMatching(/^\d{10}$/) });
  });

  it('say that a token has expired', async () => {
    await running.control('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 0 });
    const token = await running.tokenFor('late@contoso.example');
    await running.control('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 3_599 });
    const { status, body } = await running.graph('GET', '/me', { token });
    expect(status).toBe(401);
    expect(body.error.message).toBe('Lifetime validation failed, the token is expired.');
  });

  it('keep to what the scopes allow', async () => {
    const withScope = (scope: string) => running.tokenFor(ADDRESS, { scope });
    const read = { token: await withScope('User.Read Mail.Read') };
    const basic = { token: await withScope('Mail.ReadBasic') };
    const none = { token: await withScope('User.Read') };
    const path = `/me/messages/${message.id}`;
    expect(await refusal('PATCH', path, { ...read, body: { isRead: true } })).toEqual([403, 'ErrorAccessDenied']);
    expect(await refusal('GET', path, none)).toEqual([403, 'ErrorAccessDenied']);
    expect(await refusal('GET', `${path}/$value`, basic)).toEqual([403, 'ErrorAccessDenied']);
    expect(await refusal('GET', '/me', basic)).toEqual([403, 'Authorization_RequestDenied']);
    const { body } = await running.graph('GET', path, basic);
    expect(body.subject).toBe('Here');
    for (const hidden of ['body', 'bodyPreview', 'uniqueBody']) expect(body).not.toHaveProperty(hidden);
  });

  it('keep tenants apart', async () => {
    await running.control('POST', '/mailboxes', { address: 'desk@fabrikam.example' });
    expect(await refusal('GET', '/users/desk@fabrikam.example/messages')).toEqual([404, 'ErrorInvalidUser']);
  });
});
