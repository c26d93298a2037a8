import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { internetConnector, isNotOfTheInternet } from '../../api/images/internet-only.ts';
import { createRemoteImages, type RemoteImages } from '../../api/images/remote-images.ts';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const PIXEL = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: Buffer | string };

/** The internet as a proxy sees it: absolute URLs, and what each answers. */
const answers = new Map<string, Answer>();
const asked: { readonly url: string; readonly headers: Record<string, unknown> }[] = [];
const internet = createServer((request, response) => {
  asked.push({ url: request.url ?? '', headers: request.headers });
  const { status = 200, headers = {}, body = PIXEL } = answers.get(request.url ?? '') ?? { status: 404 };
  response.writeHead(status, headers);
  if (headers['x-never-ends']) response.write(body);
  else response.end(body);
});

const proxyUrl = () => `http://127.0.0.1:${(internet.address() as AddressInfo).port}`;

let api: TestApi;
let remoteImages: RemoteImages;
beforeAll(async () => {
  await new Promise<void>((listening) => internet.listen(0, '127.0.0.1', listening));
  remoteImages = createRemoteImages({ proxy: { http: proxyUrl(), https: undefined, exceptions: [] } });
  api = await startTestApi({ remoteImages });
});
afterEach(() => {
  answers.clear();
  asked.length = 0;
});
afterAll(async () => {
  await api.stop();
  internet.closeAllConnections();
  internet.close();
});

async function itemWith(message: Partial<NewMessage>): Promise<string> {
  const queueId = await aQueue(api.db);
  const accountId = await anAccount(api.db, { defaultQueueId: queueId });
  const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
  await insertMessages(api.db, accountId, [aMessage(message)], router);
  return (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json.items[0].id;
}

const load = (itemId: string, url: string) =>
  api.call('GET', `/api/v1/items/${itemId}/images?url=${encodeURIComponent(url)}`, { key: api.apiKeys.Agent });
const showing = (...urls: readonly string[]) =>
  itemWith({ bodyHtml: urls.map((url) => `<img src="${url}">`).join('') });

/** The outcome, as fetched in another way. */
async function fetchAs(url: string, options: Parameters<typeof createRemoteImages>[0]): Promise<string> {
  const images = createRemoteImages(options);
  try {
    return (await images.fetch(url)).outcome;
  } finally {
    await images.close();
  }
}
const lookupOf = (addresses: readonly string[]) =>
  ((_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )) as LookupFunction;

describe('a remote image', () => {
  it('comes by its bytes, whatever its server calls it, and its server learns nothing of the reader', async () => {
    const url = 'http://pictures.example/a?b=1&c=2';
    answers.set(url, { headers: { 'content-type': 'text/html', 'set-cookie': 'a=b' } });
    const answer = await load(await showing('http://pictures.example/a?b=1&amp;c=2'), url);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/gif',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    const [{ headers = {} } = {}] = asked;
    for (const name of ['cookie', 'referer', 'authorization', 'x-forwarded-for'])
      expect(headers).not.toHaveProperty(name);
  });

  it('is only one that the message shows', async () => {
    const item = await showing('http://pictures.example/a');
    for (const url of ['http://pictures.example/b', 'no url', 'file:///etc/passwd']) {
      expect((await load(item, url)).json).toMatchObject({ status: 404, reason: 'image-not-named' });
    }
    expect(asked).toEqual([]);
  });

  it.each([
    '<td background="//pictures.example/behind">',
    '<div style="color: red; background: #fff url(&quot;https://pictures.example/behind&quot;) no-repeat">',
  ])('may stand behind an element: %s', async (bodyHtml) => {
    const { json } = await load(await itemWith({ bodyHtml }), 'https://pictures.example/behind');
    expect(json.reason).not.toBe('image-not-named');
  });

  it.each([
    ['http://127.0.0.1/a'],
    ['http://2130706433/a'],
    ['http://0x7f.1/a'],
    ['http://0/a'],
    ['http://[::1]/a'],
    ['http://[::ffff:169.254.169.254]/a'],
    ['http://[::7f00:1]/a'],
    ['http://[64:ff9b::7f00:1]/a'],
    ['http://[2002:7f00:1::]/a'],
    ['http://[fd00:ec2::254]/a'],
    ['http://169.254.169.254/latest/meta-data'],
    ['http://100.100.100.200/a'],
    ['http://10.0.0.1/a'],
    ['http://192.168.1.1/a'],
    ['http://localhost/a'],
    ['http://localhost./a'],
    ['http://intranet/a'],
    ['http://printer.local/a'],
    ['http://metadata.google.internal/a'],
    ['http://pictures.example:8080/a'],
    ['http://user:word@pictures.example/a'],
  ])('is not asked for at %s', async (url) => {
    expect((await load(await showing(url), url)).json).toMatchObject({ status: 422, reason: 'image-address-refused' });
    expect(asked).toEqual([]);
  });

  it('follows three redirects, each of which is checked', async () => {
    const at = (n: number) => `http://pictures.example/${n}`;
    for (const n of [1, 2, 3, 4]) answers.set(at(n), { status: 302, headers: { location: `/${n + 1}` } });
    answers.set(at(5), {});
    answers.set('http://pictures.example/in', { status: 301, headers: { location: 'http://169.254.169.254/' } });
    const item = await showing(at(1), at(2), 'http://pictures.example/in');
    expect((await load(item, at(2))).status).toBe(200);
    expect((await load(item, at(1))).json).toMatchObject({ status: 502, reason: 'image-not-loaded' });
    expect((await load(item, 'http://pictures.example/in')).json).toMatchObject({ reason: 'image-address-refused' });
    expect(asked.map(({ url }) => new URL(url).host)).not.toContain('169.254.169.254');
  });

  it.each<[string, string, Answer]>([
    ['SVG', 'image-no-picture', { headers: { 'content-type': 'image/svg+xml' }, body: '<svg onload="x()"/>' }],
    ['a page', 'image-no-picture', { body: '<html>GIF89a' }],
    ['nothing', 'image-no-picture', { body: '' }],
    ['an error', 'image-not-loaded', { status: 500 }],
    ['too much', 'image-not-loaded', { body: Buffer.concat([PIXEL, Buffer.alloc(5 * 1_024 * 1_024)]) }],
    ['more without end', 'image-not-loaded', { headers: { 'x-never-ends': '1' } }],
    ['a redirect to nowhere', 'image-not-loaded', { status: 302, headers: { location: 'http://[' } }],
  ])('is refused when its server answers %s', async (_, reason, answer) => {
    const url = 'http://pictures.example/a';
    answers.set(url, answer);
    expect((await load(await showing(url), url)).json).toMatchObject({ reason });
  });

  it.each([
    ['a private one', ['127.0.0.1']],
    ['a private one among others', ['93.184.215.14', '10.0.0.1']],
    ['none', []],
  ])('is not asked for when its name has %s of the addresses', async (_, addresses) => {
    expect(await fetchAs('http://pictures.example/a', { lookup: lookupOf(addresses) })).toBe('refused');
  });

  it('is not asked of a proxy when this machine knows a private address for its name', async () => {
    answers.set('http://pictures.example/a', {});
    const proxy = { http: proxyUrl(), https: undefined, exceptions: [] };
    const outcomes = [];
    for (const addresses of [['10.0.0.1'], ['93.184.215.14', '10.0.0.1'], ['93.184.215.14']]) {
      outcomes.push(await fetchAs('http://pictures.example/a', { proxy, lookup: lookupOf(addresses) }));
    }
    expect(outcomes).toEqual(['refused', 'refused', 'image']);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['image', []],
    ['image', ['other.example', 'ictures.example']],
    ['not-loaded', ['Pictures.Example']],
    ['not-loaded', ['.example']],
    ['not-loaded', ['*.example']],
    ['not-loaded', ['*']],
  ])('has the outcome %s without the proxy for %j', async (outcome, exceptions) => {
    answers.set('http://pictures.example/a', {});
    const proxy = { http: proxyUrl(), https: undefined, exceptions };
    // Only the proxy knows the name.
    const lookup = ((_host, _options, callback) => callback(new Error('ENOTFOUND'), '')) as LookupFunction;
    expect(await fetchAs('http://pictures.example/a', { proxy, lookup })).toBe(outcome);
  });

  it('does not come by a connection that stands to a private address, whatever its name led to', async () => {
    const { port, address } = internet.address() as AddressInfo;
    let under: Socket | undefined;
    const connect = internetConnector((options, callback) =>
      buildConnector({})(options, (...given) => {
        under = given[1] ?? undefined;
        callback(...given);
      }),
    );
    const [error, socket] = await new Promise<readonly unknown[]>((settle) => {
      connect({ hostname: address, host: address, port: String(port), protocol: 'http:' }, (...given) => settle(given));
    });
    expect([isNotOfTheInternet(error), socket]).toEqual([true, null]);
    expect(under?.destroyed).toBe(true);
  });
});

describe('senders whose images a user always loads', () => {
  const senderOf = (id: string, headers?: Record<string, string>) =>
    api.call('GET', `/api/v1/items/${id}/image-sender`, headers ? { key: null, headers } : {});
  const remember = (id: string, headers: Record<string, string>, remembered: boolean) =>
    api.call('PUT', `/api/v1/items/${id}/image-sender`, { key: null, headers, body: { remembered } });

  it('are remembered for this user alone, in whatever case the address is written', async () => {
    const { headers } = await api.browserOf('Agent', 'one@contoso.example');
    const { headers: others } = await api.browserOf('Agent', 'other@contoso.example');
    const first = await itemWith({ from: { address: 'Shop@News.example' } });
    const second = await itemWith({ from: { address: 'shop@news.example' } });
    expect((await senderOf(first, headers)).json).toEqual({ remembered: false, mayRemember: true });
    expect((await remember(first, headers, true)).status).toBe(200);
    expect((await remember(first, headers, true)).status).toBe(200);
    expect((await senderOf(second, headers)).json).toEqual({ remembered: true, mayRemember: true });
    expect((await senderOf(second, others)).json).toMatchObject({ remembered: false });
    await remember(second, headers, false);
    expect((await senderOf(first, headers)).json).toMatchObject({ remembered: false });
  });

  it('are not remembered for a key, for no sender, or for one that may be forged', async () => {
    const { headers } = await api.browserOf('Agent', 'third@contoso.example');
    const known = await itemWith({ from: { address: 'shop@news.example' } });
    await remember(known, headers, true);
    expect((await senderOf(known)).json).toEqual({ remembered: false, mayRemember: false });
    const byKey = await api.call('PUT', `/api/v1/items/${known}/image-sender`, { body: { remembered: true } });
    expect(byKey.json).toMatchObject({ status: 403, reason: 'only-users' });
    const forged = await itemWith({
      from: { address: 'shop@news.example' },
      headers: [
        { name: 'Authentication-Results', value: 'spf=fail; dkim=none; dmarc=fail header.from=news.example' },
        { name: 'Received', value: 'from x by DB5EUR01FT012.mail.protection.outlook.com with SMTP' },
      ],
    });
    expect((await senderOf(forged, headers)).json).toEqual({ remembered: false, mayRemember: false });
    expect((await remember(forged, headers, true)).json).toMatchObject({ status: 409, reason: 'sender-not-trusted' });
    const nobody = await itemWith({ from: undefined });
    expect((await senderOf(nobody, headers)).json).toEqual({ remembered: false, mayRemember: false });
  });
});
