import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

let running: RunningGraph;
let token: string;
let id: string;
beforeAll(async () => {
  running = await startGraph();
  token = await running.tokenFor(ADDRESS);
  ({ id } = await running.deliver({ subject: 'Hello', text: 'word '.repeat(1_000) }));
});
afterAll(() => running.close());

/** A request as no SDK of ours makes it: nothing is decoded on the way. */
async function bare(method: string, path: string, headers: Record<string, string>, body?: Buffer) {
  const url = new URL(`${running.url}${path}`);
  return await new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    const sent = request(url, { method, headers: { authorization: `Bearer ${token}`, ...headers } }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: await buffer(answer) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('clients that nobody here wrote', () => {
  it('may compress what they send, as the SDK for Go does', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const body = gzipSync(JSON.stringify({ isRead: true }));
    const changed = await bare('PATCH', `/v1.0/me/messages/${id}`, headers, body);
    expect([changed.status, JSON.parse(changed.bytes.toString()).isRead]).toEqual([200, true]);

    const broken = await bare('PATCH', `/v1.0/me/messages/${id}`, headers, Buffer.from('no gzip'));
    expect(broken.status).toBe(400);
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect((await bare('PATCH', `/v1.0/me/messages/${id}`, headers, bomb)).status).toBe(413);
  });

  it('get compressed answers where they take them, and plain ones where they do not', async () => {
    const path = `/v1.0/me/messages/${id}`;
    const compressed = await bare('GET', path, { 'accept-encoding': 'gzip, deflate' });
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    const plain = await bare('GET', path, {});
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(gunzipSync(compressed.bytes)).toEqual(plain.bytes);
    expect(compressed.bytes.length).toBeLessThan(plain.bytes.length / 3);
    expect((await bare('GET', path, { 'accept-encoding': 'gzip;q=0' })).headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    ['mail.internal:8443', 'mail.internal:8443'],
    ['graph.microsoft.com', 'login.microsoftonline.com'],
    ['graph.microsoft.us', 'login.microsoftonline.us'],
  ])('read in every answer the host by which they found us: %s', async (graph, login) => {
    const challenge = async () => String((await bare('GET', '/v1.0/me', { host: graph })).headers['www-authenticate']);
    const own = token;
    token = 'nonsense';
    expect(await challenge()).toContain(`authorization_uri="http://${login}/common/oauth2/authorize"`);
    token = own;
    const { id: fault } = await running.control('POST', '/faults', { kind: 'token-refused' });
    expect(await challenge()).toContain(`authorization_uri="http://${login}/common/oauth2/authorize"`);
    await running.control('DELETE', `/faults/${fault}`);
    const links = await bare('GET', '/v1.0/me/mailFolders?$top=1', { host: graph });
    expect(JSON.parse(links.bytes.toString())['@odata.nextLink']).toContain(`http://${graph}/v1.0/me/mailFolders?`);

    const json = async (path: string) => (await bare('GET', path, { host: login })).bytes.toString();
    const document = JSON.parse(await json('/common/v2.0/.well-known/openid-configuration'));
    expect(document).toMatchObject({ cloud_instance_name: login, msgraph_host: graph });
    const named = JSON.stringify(document).matchAll(/https?:\/\/([^/"]+)/g);
    expect(new Set(Array.from(named, ([, name]) => name))).toEqual(new Set([login]));
    const instance = JSON.parse(await json('/common/discovery/instance'));
    expect(instance.tenant_discovery_endpoint).toContain(`http://${login}/common/`);
    expect(instance.metadata).toEqual([{ preferred_network: login, preferred_cache: login, aliases: [login] }]);
  });

  it('may use the beta, whose links stay there, also in a batch', async () => {
    await running.deliver({ subject: 'Another' });
    const { status, body } = await running.graph('GET', `${running.url}/beta/me/messages?$top=1`);
    expect([status, body['@odata.context']]).toEqual([200, expect.stringContaining('/beta/$metadata#')]);
    expect(body['@odata.nextLink']).toContain('/beta/me/messages?');
    const batch = await running.graph('POST', `${running.url}/beta/$batch`, {
      body: { requests: [{ id: '1', method: 'GET', url: '/me/mailFolders/inbox' }] },
    });
    expect(batch.body.responses[0].body['@odata.context']).toContain('/beta/$metadata#');
  });
});

describe('a filter', () => {
  it('may have brackets, or, not and any(), and name drafts and conversations', async () => {
    await running.control('POST', '/mailboxes', { address: 'filters@contoso.example' });
    const mailbox = '/control/mailboxes/filters@contoso.example/messages';
    const deliver = async (subject: string) => {
      const answer = await fetch(`${running.url}${mailbox}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subject }),
      });
      return ((await answer.json()) as { id: string }).id;
    };
    const [one = '', two = ''] = [await deliver('one'), await deliver('two (and) more'), await deliver("it's three")];
    await running.control('PATCH', `/mailboxes/filters@contoso.example/messages/${one}`, { isDraft: true });
    await running.control('PATCH', `/mailboxes/filters@contoso.example/messages/${two}`, { categories: ['Blue'] });
    const own = { token: await running.tokenFor('filters@contoso.example') };
    const found = async (filter: string) => {
      const path = `/me/messages?$select=subject,conversationId&$filter=${encodeURIComponent(filter)}`;
      const { status, body } = await running.graph('GET', path, own);
      return status === 200 ? body.value.map(({ subject }: { subject: string }) => subject).sort() : body.error.code;
    };
    const { body } = await running.graph('GET', `/me/messages/${two}?$select=conversationId`, own);

    expect(await found("subject eq 'one' or subject eq 'two (and) more'")).toEqual(['one', 'two (and) more']);
    expect(await found("not (subject eq 'one' or contains(subject, 'three'))")).toEqual(['two (and) more']);
    expect(await found("(isDraft eq false) and (subject eq 'one' or contains(subject,'it''s'))")).toEqual([
      "it's three",
    ]);
    expect(await found("subject eq 'one' or isDraft eq false and isRead eq true")).toEqual(['one']);
    expect(await found('isDraft eq true')).toEqual(['one']);
    expect(await found("categories/any(c:c eq 'blue')")).toEqual(['two (and) more']);
    expect(await found(`conversationId eq '${body.conversationId}'`)).toEqual(['two (and) more']);
    expect(await found("conversationId eq 'nonsense'")).toEqual([]);
    for (const wrong of [
      'not',
      '(isRead eq true',
      'isRead eq true or',
      '()',
      `${'('.repeat(50)}isRead eq true${')'.repeat(50)}`,
    ]) {
      expect([wrong, await found(wrong)]).toEqual([wrong, 'ErrorInvalidUrlQueryFilter']);
    }
  });
});
