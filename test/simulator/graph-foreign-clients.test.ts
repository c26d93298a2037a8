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
      "toRecipients/any(r:subject eq 'one')",
      "toRecipients/any(r:r/emailAddress/address eq 'x'",
      'categories/all()',
      "subject/any(s:s eq 'one')",
      '(isRead eq true',
      'isRead eq true or',
      '()',
      `${'('.repeat(50)}isRead eq true${')'.repeat(50)}`,
    ]) {
      expect([wrong, await found(wrong)]).toEqual([wrong, 'ErrorInvalidUrlQueryFilter']);
    }
  });

  it('find mail by any recipient', async () => {
    const owner = 'recipients@contoso.example';
    const mails = {
      one: ['Ann <ann@example.org>', 'Bob <bob@example.org>'],
      two: ['Bob <BOB@example.org>'],
      three: ['Carol <carol@example.org>'],
    };
    for (const [subject, to] of Object.entries(mails)) {
      await running.control('POST', `/mailboxes/${owner}/messages`, { subject, to });
    }
    const own = { token: await running.tokenFor(owner) };
    const found = async (filter: string) => {
      const path = `/me/messages?$select=subject&$filter=${encodeURIComponent(filter)}`;
      const { body } = await running.graph('GET', path, own);
      return body.value.map(({ subject }: { subject: string }) => subject).sort();
    };
    expect(await found("toRecipients/any(r:r/emailAddress/address eq 'bob@example.org')")).toEqual(['one', 'two']);
    expect(await found("toRecipients/all(r: r/emailAddress/address eq 'bob@example.org')")).toEqual(['two']);
    expect(
      await found("toRecipients/any(r:startswith(r/emailAddress/name, 'ca') or r/emailAddress/name eq 'Ann')"),
    ).toEqual(['one', 'three']);
    expect(await found("not (toRecipients/any(x:x/emailAddress/address eq 'bob@example.org'))")).toEqual(['three']);
    expect(await found('ccRecipients/any()')).toEqual([]);
    expect(
      await found("subject eq 'one' and toRecipients/any(r:contains(r/emailAddress/address, '@example'))"),
    ).toEqual(['one']);
  });

  it('find folders by name, and get their child folders along with them', async () => {
    const own = { token: await running.tokenFor('folders@contoso.example') };
    const folders = '/me/mailFolders';
    const create = async (path: string, displayName: string) =>
      String((await running.graph('POST', path, { ...own, body: { displayName } })).body.id);
    const work = await create(folders, "Jo's work");
    const year = await create(`${folders}/${work}/childFolders`, '2026');
    await create(`${folders}/${work}/childFolders`, '2025');
    await create(`${folders}/${year}/childFolders`, 'May');
    const read = async (query: string) => (await running.graph('GET', `${folders}${query}`, own)).body;
    const filtered = async (filter: string) => {
      const { value, error } = await read(`?$top=50&$filter=${encodeURIComponent(filter)}`);
      return value?.map(({ displayName }: { displayName: string }) => displayName) ?? error.code;
    };
    expect(await filtered("displayName eq 'jo''s WORK'")).toEqual(["Jo's work"]);
    expect(await filtered("displayName eq 'Inbox' or startswith(displayName,'jo')")).toEqual(['Inbox', "Jo's work"]);
    expect(await filtered('childFolderCount gt 1 and totalItemCount eq 0')).toEqual(["Jo's work"]);
    expect(await filtered("displayName eq '2026'")).toEqual([]);
    expect(await filtered("subject eq 'Inbox'")).toBe('ErrorInvalidUrlQueryFilter');

    const one = await read(`/${work}?$expand=childFolders`);
    expect(one).toMatchObject({ childFolders: [{ displayName: '2025' }, { displayName: '2026' }] });
    expect(one.childFolders[0]).not.toHaveProperty('childFolders');
    const options = "$select=displayName;$filter=displayName eq '2026';$expand=childFolders($select=displayName)";
    const query = `?$filter=displayName eq 'Jo''s work'&$select=displayName&$expand=childFolders(${options})`;
    const deep = await read(encodeURI(query));
    expect(deep['@odata.context']).toContain('#users(');
    expect(deep.value).toEqual([
      {
        id: work,
        displayName: "Jo's work",
        childFolders: [
          { id: year, displayName: '2026', childFolders: [{ id: expect.any(String), displayName: 'May' }] },
        ],
      },
    ]);
    expect((await read('?$expand=rules')).error.code).toBe('BadRequest');
  });

  it('read what delta does not take, in the words of Graph', async () => {
    const refused = async (path: string) => (await running.graph('GET', `/me/mailFolders${path}`)).body.error;
    expect(await refused("/inbox/messages/delta?$filter=subject eq 'one'")).toMatchObject({
      code: 'ErrorInvalidUrlQuery',
      message:
        "The '$filter' parameter value is not supported for 'Messages' resource; only a value of 'receivedDateTime ge value' is supported.",
    });
    for (const option of ['$search="one"', '$skip=5', '$orderby=subject']) {
      expect(await refused(`/inbox/messages/delta?${option}`)).toMatchObject({
        code: 'ErrorInvalidUrlQuery',
        message: expect.stringContaining("change tracking over the 'Messages' resource"),
      });
    }
    expect(await refused("/delta?$filter=displayName eq 'Inbox'")).toMatchObject({
      code: 'ErrorInvalidUrlQuery',
      message: expect.stringContaining("'MailFolders'"),
    });
  });
});
